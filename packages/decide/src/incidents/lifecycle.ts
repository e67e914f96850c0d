import {
  after,
  type Entry,
  type EpochMs,
  epochMs,
  hours,
  type Incident,
  type IncidentPolicy,
  ms,
  sayLength,
  since,
  type TemplateField,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { businessDaysAfter } from "./business-time.ts";
import { type Due, dueNow, notBefore, nothingDue, ROOM, type RoomFacts, roomLine, stands, together } from "./duties-words.ts";
import { rings } from "./alarms.ts";
import { quietOf } from "./lifecycle-quiet.ts";
import { closeEntry, type Made, reopenEntry, resolveEntry, roleEntry, unackEntry } from "./transitions.ts";

/** What the passing of time does to an incident: an acknowledgement runs out, quiet alarms resolve it, its record is finished and closed. */
export function passTime(incident: Incident, policy: IncidentPolicy, facts: RoomFacts): Due {
  if (incident.state === "resolved") {
    const again = ringsAfterAll(incident, facts.now);
    return again.due.length > 0 ? again : finishRecord(incident, policy, facts.now);
  }
  const resolved = resolveWhenQuiet(incident, policy, facts);
  if (resolved.due.length > 0) return resolved;
  return together([commandBy(incident, facts.now), ackRunsOut(incident, policy, facts.now), resolved]);
}

const doing = (at: EpochMs, because?: string) => ({ by: "Nightshift", at, actor: ROOM, ...(because === undefined ? {} : { because }) });
const make = (made: Made): Due => (made.kind === "entry" ? tell(made.entry) : nothingDue);
const tell = (entry: Entry): Due => dueNow({ kind: "tell", key: entry.key, entry });

/** Whoever acknowledges commands, unless somebody was named. */
const commandBy = (incident: Incident, now: EpochMs): Due =>
  incident.acked === undefined || incident.roles.ic !== undefined
    ? nothingDue
    : make(roleEntry(incident, { role: "ic", person: incident.acked.by }, doing(now)));

/** No sign of work for as long as an acknowledgement lasts: asked about, and after a further tenth taken back. */
function ackRunsOut(incident: Incident, policy: IncidentPolicy, now: EpochMs): Due {
  const { ackLasts } = policy.severities[incident.severity];
  const { acked } = incident;
  const atWork = incident.working.length > 0 || incident.state === "monitoring";
  if (ackLasts === undefined || acked === undefined || atWork) return nothingDue;
  const lastSign = epochMs(Math.max(acked.at, ...incident.entries.filter(isWork).map(({ at }) => at)));
  const asks = incident.entries.filter(({ key }) => key.startsWith(`still-there/${incident.turns.acked}/`));
  const asked = asks.findLast(({ at }) => at >= lastSign);
  const askAt = after(lastSign, ackLasts);
  if (asked === undefined) {
    if (now < askAt) return notBefore(askAt);
    const key = `still-there/${incident.turns.acked}/${asks.length + 1}`;
    const left = sayLength(ms(ackLasts / 10));
    const text = `${acked.by}: are you still on it? Nothing was noted for ${sayLength(since(lastSign, now))}. Write a word here within ${left}, or the next person is called.`;
    return tell(roomLine(now, { key, kind: "asked", text }));
  }
  const backAt = after(asked.at, ms(ackLasts / 10));
  return now < backAt ? notBefore(backAt) : make(unackEntry(incident, doing(now)));
}

/** Any line of a person, or of an automation at work, shows that somebody is there; what the room notes by itself does not. */
const isWork = ({ actor, kind }: Entry): boolean => actor !== ROOM && kind !== "alarms" && kind !== "paged" && kind !== "evidence";

/** All alarms quiet for long enough, and nothing under way: over. Where an automation said so before, the alarms only had to agree. */
function resolveWhenQuiet(incident: Incident, policy: IncidentPolicy, { now, waitsForApproval }: RoomFacts): Due {
  const { state } = incident;
  const quiet = quietOf(incident, policy);
  if (quiet === undefined || state === "closed" || state === "merged" || guard("a person's reopening stands", isReopenedByPerson(incident))) return nothingDue;
  if (guard("work under way keeps it open", incident.working.length > 0) || guard("open question keeps it open", waitsForApproval)) return nothingDue;
  const claimed = state === "monitoring" && lastMonitoring(incident)?.change?.what === "standing";
  const clear = claimed ? quiet.since : after(quiet.since, quiet.lasts);
  const at = quiet.unknown === undefined ? clear : epochMs(Math.max(clear, quiet.unknown.until));
  if (guard("quiet for long enough", now < at)) return notBefore(at);
  const rests = claimed ? "The fix is in, and no alarm rings." : `No alarm has rung for ${sayLength(since(quiet.since, now))}.`;
  const because = quiet.unknown === undefined ? rests : `${rests} ${quiet.unknown.names} had no data for ${sayLength(since(quiet.unknown.since, now))}.`;
  return make(resolveEntry(incident, { ...doing(now, because), how: claimed ? "automation" : "alarms" }));
}

/** A person says that it is not over although no alarm has rung since: then only a person ends it. */
function isReopenedByPerson({ entries, alarms }: Incident): boolean {
  const reopened = entries.findLast(({ change }) => change?.what === "reopened");
  if (reopened === undefined || !isPerson(reopened)) return false;
  return alarms.every(({ rang }) => rang <= reopened.at);
}

/** People are called `slack/U0123 ana` or `cli/ana`; everybody else is `nightshift/…`, or has no such prefix. */
const isPerson = ({ actor = "" }: Entry): boolean => actor.includes("/") && !actor.startsWith("nightshift/");

/**
 * It was ended, and an alarm rings of which whoever ended it did not know: it was under way to us. A person's word stands
 * over what rang before it, which they saw; nobody else ends what rings.
 */
function ringsAfterAll(incident: Incident, now: EpochMs): Due {
  const { resolvedAt, resolvedBy } = incident;
  const known = resolvedBy === "person" && resolvedAt !== undefined ? resolvedAt : 0;
  const alarm = incident.alarms.find((one) => rings(one) && one.rang > known);
  if (alarm === undefined || !guard("what rings is not over")) return nothingDue;
  return make(reopenEntry(incident, { ...doing(now, `${alarm.name} rings.`), by: "An alarm" }));
}

const lastMonitoring = ({ entries }: Incident): Entry | undefined =>
  entries.findLast(({ change }) => change?.what === "monitoring" || (change?.what === "standing" && change.standing === "resolved"));

/** After the end: the draft, the reminder of what only people can fill in, and the end of the record. */
function finishRecord(incident: Incident, policy: IncidentPolicy, now: EpochMs): Due {
  const { resolvedAt } = incident;
  if (resolvedAt === undefined) return nothingDue;
  if (!policy.severities[incident.severity].postMortem) return closeAt(incident, after(resolvedAt, CLOSES_AFTER), now);
  const { remindAfterBusinessDays } = policy.postMortem;
  const reminder = remindAt(incident, { resolvedAt, now }, businessDaysAfter(resolvedAt, remindAfterBusinessDays, policy.timeZone ?? "UTC"));
  return together([draftAt(incident, after(resolvedAt, policy.postMortem.after), now), reminder]);
}

/** Somebody may have a word to add the next day. */
const CLOSES_AFTER = hours(24);

function draftAt(incident: Incident, at: EpochMs, now: EpochMs): Due {
  const written = incident.postMortem !== undefined && incident.postMortem.at >= (incident.resolvedAt ?? 0);
  if (written) return nothingDue;
  return now < at ? notBefore(at) : dueNow({ kind: "post-mortem", key: `post-mortem/${incident.turns.resolved}` });
}

function remindAt(incident: Incident, { resolvedAt, now }: { readonly resolvedAt: EpochMs; readonly now: EpochMs }, at: EpochMs): Due {
  if (now < at) return notBefore(at);
  const missing = asked.filter(([field]) => incident.fields[field] === undefined).map(([, name]) => name);
  const key = `reminder/${incident.turns.resolved}`;
  if (missing.length === 0 || stands(incident, key)) return closeAt(incident, at, now);
  const text = `The post-mortem is due: it was resolved ${sayLength(since(resolvedAt, now))} ago, and still missing are ${missing.join(", ")}.`;
  return tell(roomLine(now, { key, kind: "note", text }));
}

/** What a post-mortem needs of people; the rest comes from the record. */
const asked: readonly (readonly [TemplateField, string])[] = [
  ["impact", "impact"],
  ["rootCause", "root cause"],
  ["resolution", "resolution"],
  ["prevention", "prevention"],
];

const closeAt = (incident: Incident, at: EpochMs, now: EpochMs): Due => (now < at ? notBefore(at) : make(closeEntry(incident, doing(now))));
