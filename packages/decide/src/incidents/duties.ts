import { after, type EpochMs, hours, type Incident, type IncidentPolicy, minutes, type Ms, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { type Due, dueNow, EVERYBODY, notBefore, nothingDue, ROOM, type RoomFacts, stands, together } from "./duties-words.ts";
import { furnishRoom, openRoom } from "./duties-room.ts";
import { showCharts } from "./duties-show.ts";
import { summarise } from "./duties-summary.ts";
import { showTemplate } from "./duties-template.ts";
import { endBySns, firstNoticeFallback } from "./escalation-calls.ts";
import { tellRaise } from "./duties-raise.ts";
import { escalate } from "./escalation.ts";
import { passTime } from "./lifecycle.ts";
import { endsIn } from "./lifecycle-quiet.ts";
import { announceEntry } from "./transitions.ts";

export { type Due, type Duty, EVERYBODY, type Furniture, ROOM, type RoomFacts } from "./duties-words.ts";

/** Collecting evidence, or making a channel, may take so long (their own calls end before): it is not begun when a page falls due meanwhile. */
export const SLOW_WORK_TAKES = seconds(20);

/**
 * What this incident's war room has to do now, most urgent first, and when it has to look again. Level-triggered: worked out from
 * what stands in the record alone, so that nothing is lost or done twice by whoever looks late, again, or after a crash.
 */
export function decideRoom(incident: Incident, policy: IncidentPolicy, facts: RoomFacts): Due {
  if (isOver(incident)) return nothingDue;
  const { now } = facts;
  const announce = announceWhenGathered(incident, policy, now);
  if (incident.announcedAt === undefined) return announce;
  const urgent = together([
    tellRaise(incident, now),
    escalate(incident, policy, facts),
    firstNoticeFallback(incident, facts),
    passTime(incident, policy, facts),
    endBySns(incident),
  ]);
  const summary = summarise(incident, { now, endsIn: endsIn(incident, policy) });
  const slow = together([openRoom(incident, policy), furnishRoom(incident, facts), gather(incident), showCharts(incident, facts)]);
  return together([urgent, summary, showTemplate(incident, now), afterUrgent(slow, urgent, now)]);
}

/**
 * How long a room waits for a word at the longest. Words wake it at once; this is for the one in a million that does not: a minute
 * where somebody is being called or it may be opened again, so that nothing grave is late by more, and while alarms come and go, which
 * wake nobody one by one; a quarter of an hour elsewhere.
 */
export function longestWait(incident: Incident, now: EpochMs): Ms {
  if (incident.state === "resolved") return now < after(incident.resolvedAt ?? now, minutes(15)) ? minutes(1) : hours(6);
  const grave = incident.severity === "P1" || incident.severity === "P2";
  const all = incident.pages.some(({ people }) => people.includes(EVERYBODY));
  return (grave && incident.acked === undefined && !all) || isRestless(incident, now) ? minutes(1) : minutes(15);
}

/** Alarms ring, and one of them changed within the hour: another may have changed since. */
const isRestless = ({ alarms, firing, inhibited }: Incident, now: EpochMs): boolean =>
  firing + inhibited > 0 && alarms.some(({ since }) => now < after(since, hours(1)));

/** A war room has nothing left to do: the incident is closed, or part of another. */
export const isOver = ({ state }: Pick<Incident, "state">): boolean => state === "closed" || state === "merged";

/** Alarms of one failure arrive together: the first notice waits for them (`facts/incidents.md` 7.5). */
function announceWhenGathered(incident: Incident, policy: IncidentPolicy, now: EpochMs): Due {
  const at = after(incident.openedAt, policy.severities[incident.severity].groupWait);
  if (guard("first notice waits for the group", now < at)) return notBefore(at);
  const entry = announceEntry(now, ROOM, incident.severity);
  return dueNow({ kind: "tell", key: entry.key, entry });
}

/** Work that takes a while waits where something urgent comes soon. */
function afterUrgent(slow: Due, urgent: Due, now: EpochMs): Due {
  if (slow.due.length === 0) return slow;
  const soon = urgent.next !== undefined && urgent.next - now < SLOW_WORK_TAKES;
  return soon ? notBefore(urgent.next) : slow;
}

/** Once after the opening, and once at each end: before and after. */
function gather(incident: Incident): Due {
  const moment = incident.state === "resolved" ? "resolved" : "opened";
  // An automation's end is no transition of its own: reopenings tell one end from the next, too.
  const { resolved, reopened } = incident.turns;
  const key = moment === "opened" ? "evidence/opened" : `evidence/resolved/${resolved}.${reopened}`;
  return stands(incident, key) ? nothingDue : dueNow({ kind: "evidence", key, moment });
}
