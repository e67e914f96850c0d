import type { Breach, Trigger } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { phaseOf } from "../phase.ts";
import type { Seen } from "../seen.ts";
import { alarms } from "./alarms.ts";
import { errorRate } from "./error-rate.ts";
import { errorsPerMinute } from "./errors-per-minute.ts";
import { healthChecks } from "./health-checks.ts";
import { latency } from "./latency.ts";
import { smokeTests } from "./smoke-tests.ts";
import { taskCrashes } from "./task-crashes.ts";

/** Every trigger of a member that fired at this look, hard ones first; none once its watch is over. */
export function breachesOf(seen: Seen): readonly Breach[] {
  if (guard("over watch is over", phaseOf(seen.memory, seen.now, seen.service.windows) === "over")) return [];
  const fired = seen.service.triggers.flatMap((trigger) => breachOf(trigger, seen) ?? []);
  return [...fired.filter((breach) => breach.strength === "hard"), ...fired.filter((breach) => breach.strength === "soft")];
}

/** What one trigger makes of what was seen. A reading that failed is never a breach (finding 1). */
export function breachOf(trigger: Trigger, seen: Seen): Breach | undefined {
  switch (trigger.kind) {
    case "error-rate":
      return errorRate(trigger, seen);
    case "latency":
      return latency(trigger, seen);
    case "errors-per-minute":
      return errorsPerMinute(trigger, seen);
    case "health-checks":
      return healthChecks(trigger, seen);
    case "task-crashes":
      return taskCrashes(trigger, seen);
    case "smoke-tests":
      return smokeTests(trigger, seen);
    case "alarms":
      return alarms(trigger, seen);
  }
}
