import type { EpochMs, Incident, RungAlarm } from "@nightshift/model";
import { rings } from "./alarms.ts";
import { type Due, dueNow, nothingDue, ROOM } from "./duties-words.ts";
import { toldSeverity } from "./escalation-severity.ts";
import { raisedEntry } from "./transitions.ts";

/** Alarms that raise an incident change its header, which calls nobody: the raise is a line of its own, in the whole channel's sight. */
export function tellRaise(incident: Incident, now: EpochMs): Due {
  if (incident.announcedAt === undefined) return nothingDue;
  const graver = incident.alarms.find((one) => rings(one) && one.severity === incident.severity);
  const doing = { by: graver === undefined ? "A sign" : "An alarm", at: now, actor: ROOM, ...(graver === undefined ? {} : { because: sayReason(graver) }) };
  const made = raisedEntry(incident, toldSeverity(incident), doing);
  return made.kind === "entry" ? dueNow({ kind: "tell", key: made.entry.key, entry: made.entry }) : nothingDue;
}

const sayReason = ({ name, reason }: RungAlarm): string => `${name.slice(0, 80)}: ${reason === "" ? "it rings" : reason.slice(0, 300)}`;
