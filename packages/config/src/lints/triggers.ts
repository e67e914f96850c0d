import type { Findings } from "../section.ts";
import type { EcsParsed } from "../sections/services.ts";
import { lengthAsCode, minutes } from "../units.ts";
import type { LintedConfig } from "./index.ts";

type Trigger = NonNullable<EcsParsed["triggers"]>[number];
interface Place {
  readonly path: string;
  readonly service: EcsParsed;
  readonly findings: Findings;
}

/** An error share that is plain noise on a healthy service: one in a thousand (facts/rollback.md 3 #14). */
const honestErrorShare = 0.001;

/** A count of errors means something only at one traffic: too high it never fires, too low it always does (hazard 14). */
function lintCount({ moreThan }: Extract<Trigger, { kind: "errors-per-minute" }>, { path, service, findings }: Place): void {
  const rpm = service.traffic?.requestsPerMinute;
  if (rpm === undefined) return;
  const share = (100 * (moreThan + 1)) / rpm;
  const shown = share > 100 ? "never, not even when every request fails" : `at ${share.toFixed(1)} % errors or more`;
  if (share > 5) {
    findings.warning({
      path: `${path}.moreThan`,
      expected: "a count that a bad deployment reaches",
      got: `${moreThan} a minute at ${rpm} requests a minute: fires ${shown}`,
      remedy: "use errorRate({ above: percent(5), for: minutes(2) })",
    });
  } else if (rpm * honestErrorShare >= moreThan / 2) {
    findings.warning({
      path: `${path}.moreThan`,
      expected: "a count that a healthy service stays below",
      got: `${moreThan} a minute at ${rpm} requests a minute: 0.1 % of honest errors already make ${Math.round(rpm * honestErrorShare)}`,
      remedy: "use errorRate({ above: percent(5), for: minutes(2) })",
    });
  }
}

/** A rate needs its minimum of requests inside the judged minutes. */
function lintSample(trigger: Extract<Trigger, { kind: "error-rate" | "latency" }>, { path, service, findings }: Place): void {
  const rpm = service.traffic?.requestsPerMinute;
  if (rpm === undefined) return;
  const needed = Math.ceil(trigger.minRequests / rpm);
  if (needed * 60_000 > trigger.for) {
    findings.warning({
      path: `${path}.for`,
      expected: `a length in which ${trigger.minRequests} requests come`,
      got: `${lengthAsCode(trigger.for)} at ${rpm} requests a minute`,
      remedy: `write for: ${lengthAsCode(minutes(needed))}, or add a smoke test: little traffic proves little`,
    });
  }
}

function lintTrigger(trigger: Trigger, place: Place): void {
  const { path, service, findings } = place;
  const blind = (what: string): void =>
    findings.problem({
      path,
      expected: "a load balancer whose metrics it can read",
      got: `${what} without traffic`,
      remedy: "add traffic: { loadBalancer: …, targetGroup: … } to the service, or remove the trigger: it would never see anything",
    });
  switch (trigger.kind) {
    case "error-rate":
    case "latency":
      if (service.traffic === undefined) blind(trigger.kind);
      if (trigger.for >= service.windows.bake)
        findings.problem({
          path: `${path}.for`,
          expected: `less than the bake window, ${lengthAsCode(service.windows.bake)}`,
          got: lengthAsCode(trigger.for),
          remedy: "shorten it: the watch would be over before it could fire",
        });
      lintSample(trigger, place);
      return;
    case "errors-per-minute":
      if (service.traffic === undefined) blind(trigger.kind);
      lintCount(trigger, place);
      return;
    case "smoke-tests":
      if (service.smoke.length === 0)
        findings.problem({
          path,
          expected: "smoke tests to watch",
          got: "smokeTests() without smoke",
          remedy: 'add smoke: [http("https://api.example.com/health")]',
        });
      return;
    case "alarms":
      if (trigger.names.length === 0)
        findings.problem({ path: `${path}.names`, expected: "at least one alarm", got: "an empty list", remedy: "name the alarms, or remove the trigger" });
      if (new Set(trigger.names).size < trigger.names.length)
        findings.warning({ path: `${path}.names`, expected: "each alarm once", got: "an alarm twice", remedy: "remove the second one" });
      return;
    case "health-checks":
    case "task-crashes":
      return;
  }
}

/** Triggers that could never fire, or always would. */
export function lintTriggers(config: LintedConfig, findings: Findings): void {
  for (const [name, service] of Object.entries(config.services)) {
    for (const [index, trigger] of (service.triggers ?? []).entries()) {
      lintTrigger(trigger, { path: `services.${name}.triggers[${index}]`, service, findings });
    }
  }
}
