import type { Incident } from "@nightshift/model";
import { isOver } from "./transitions.ts";

/** What its war room should look at now rather than at its next time, because what is due may have changed; undefined: nothing. */
export function newsOf(before: Incident, after: Incident): string | undefined {
  const ringing = (it: Incident): number => it.firing + it.inhibited;
  if (isOver(before) && !isOver(after)) return "it was opened again";
  if (after.severity < before.severity) return `it is ${after.severity} now`;
  if (ringing(before) === 0 && ringing(after) > 0) return "an alarm rings again";
  if (ringing(before) > 0 && ringing(after) === 0) return "all alarms cleared";
  return undefined;
}
