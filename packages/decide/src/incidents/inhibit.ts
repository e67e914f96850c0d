import type { RungAlarm } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { rings } from "./alarms.ts";

/**
 * Which ringing alarms say nothing that another does not say better: while a dependency rings, every symptom; while a
 * service does not answer at all, that service's symptoms. They stay in the record, and are shown as a count.
 */
export function inhibitedAlarms(alarms: readonly RungAlarm[]): ReadonlySet<string> {
  const ringing = alarms.filter(rings);
  const cause = ringing.some((one) => one.role === "cause");
  const down = new Set(ringing.filter((one) => one.role === "down").map((one) => one.service));
  const muted = ringing.filter((one) => one.role === "symptom" && guard("symptoms are muted", cause || down.has(one.service)));
  return new Set(muted.map((one) => one.name));
}
