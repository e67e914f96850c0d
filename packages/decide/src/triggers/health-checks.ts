import type { Breach, Trigger } from "@nightshift/model";
import { isWorker, type Seen } from "../seen.ts";

type HealthChecks = Extract<Trigger, { kind: "health-checks" }>;

/** More than so many looks in a row with an unhealthy target of the judged revision: "> 3 consecutive" is four (decision 10). */
export function healthChecks(trigger: HealthChecks, seen: Seen): Breach | undefined {
  const { unhealthyLooks } = seen.memory;
  if (unhealthyLooks <= trigger.moreThan) return undefined;
  const targets = seen.look.targets.ok ? seen.look.targets.value : [];
  const judged = targets.filter((target) => target.judged && target.state !== "draining" && target.state !== "unused");
  const failing = judged.filter((target) => target.state === "unhealthy");
  const reason = failing.find((target) => target.reason !== undefined)?.reason;
  const older = targets.filter((target) => !target.judged && target.state === "healthy").length;
  const share = !isWorker(seen.service, seen.look) && older === 0 && judged.length > 0 && failing.length === judged.length ? 100 : undefined;
  const what =
    failing.length === 0 ? "our own probe failed" : `${failing.length} of ${judged.length} new targets unhealthy${reason === undefined ? "" : ` (${reason})`}`;
  return {
    service: seen.service.name,
    trigger: "health-checks",
    strength: "hard",
    since: seen.now,
    errorShare: share,
    says: `health checks failed ${unhealthyLooks} looks in a row: ${what}`,
  };
}
