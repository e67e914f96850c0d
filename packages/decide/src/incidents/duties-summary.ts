import { after, type EpochMs, epochMs, type Incident, minutes, type Ms, type RungAlarm, sayLength, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { rings } from "./alarms.ts";
import { withoutData } from "./lifecycle-quiet.ts";
import { type Due, dueNow, notBefore, nothingDue, roomLine } from "./duties-words.ts";

/** After the first notice, each wait twice the one before: a storm is told while it grows, and not much longer. */
const OFFSETS: readonly Ms[] = [5, 10, 20, 40, 80, 160, 300].map(seconds);
/** And then at most so often. */
const EVERY = minutes(1);
/** Alarms named in one summary. */
const MOST_NAMES = 5;

/** One line about all alarms when something changed since the last one, at most seven in the first five minutes and one a minute afterwards. */
export function summarise(incident: Incident, { now, endsIn }: { readonly now: EpochMs; readonly endsIn: Ms }): Due {
  const { announcedAt, state } = incident;
  if (announcedAt === undefined || state === "resolved" || state === "closed" || state === "merged") return nothingDue;
  const told = incident.entries.filter(({ key }) => key.startsWith("summary/"));
  const last = told.at(-1);
  const shown = markOf(incident);
  if (last === undefined ? isOneAlarm(incident) : last.key.endsWith(`-${shown}`)) return nothingDue;
  const waits = guard("summaries are paced", slotAt(announcedAt, now) <= (last?.at ?? announcedAt));
  if (waits) return notBefore(slotAfter(announcedAt, now));
  const key = `summary/${told.length + 1}`;
  const text = saySummary(incident, last?.at ?? announcedAt, endsIn);
  return dueNow({ kind: "tell", key, entry: roomLine(now, { key: `${key}-${shown}`, kind: "alarms", text }) });
}

/** Nothing that the first notice does not show: one alarm that rang once, or none. */
const isOneAlarm = ({ alarms }: Incident): boolean =>
  alarms.length === 0 || (alarms.length === 1 && alarms.every((one) => rings(one) && one.changes.length < 2));

/** The newest moment up to now at which a summary may be; the first notice itself before the first. */
function slotAt(announcedAt: EpochMs, now: EpochMs): EpochMs {
  const offset = OFFSETS.findLast((one) => after(announcedAt, one) <= now);
  if (offset !== undefined && offset !== OFFSETS.at(-1)) return after(announcedAt, offset);
  return offset === undefined ? announcedAt : epochMs(now - ((now - announcedAt - offset) % EVERY));
}

function slotAfter(announcedAt: EpochMs, now: EpochMs): EpochMs {
  const offset = OFFSETS.find((one) => after(announcedAt, one) > now);
  return offset === undefined ? after(slotAt(announcedAt, now), EVERY) : after(announcedAt, offset);
}

/**
 * A mark of what the alarms show: two that differ mean that there is something to tell. Single moves of a flapping alarm are no news.
 * FNV-1a over UTF-16 units: a collision leaves one change untold until the next, the header shows it anyway.
 */
function markOf({ alarms, flapping }: Incident): string {
  const shown = alarms.map(({ name, value }) => `${name} ${flapping.includes(name) ? "flaps" : value}`).toSorted();
  let hash = 0x811c9dc5;
  for (const letter of shown.join("\n")) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16);
}

function saySummary(incident: Incident, since: EpochMs, endsIn: Ms): string {
  const { alarms, firing, inhibited, flapping } = incident;
  const silent = withoutData(incident).length;
  const cleared = alarms.filter((one) => !rings(one)).length - silent;
  if (firing + inhibited === 0) {
    const all = alarms.length === 1 ? "The alarm is clear" : `All ${alarms.length} alarms are clear`;
    const unknown = `No alarm rings, but ${count(silent, "alarm")} ${silent === 1 ? "has" : "have"} no data: that is no all-clear`;
    return `${silent === 0 ? all : unknown}. Resolved in ${sayLength(endsIn)} if it stays so.`;
  }
  const parts = [
    `${count(firing, "alarm")} ${firing === 1 ? "rings" : "ring"}`,
    ...(inhibited > 0 ? [`${inhibited} more ${inhibited === 1 ? "is" : "are"} muted by a graver one`] : []),
    ...(flapping.length > 0 ? [`${flapping.length} ${flapping.length === 1 ? "goes" : "go"} on and off`] : []),
    ...(silent > 0 ? [`${silent} without data`] : []),
    ...(cleared > 0 ? [`${cleared} cleared`] : []),
  ];
  const news = alarms.filter((one) => one.since >= since && !flapping.includes(one.name)).toSorted((a, b) => b.since - a.since);
  const names = news.slice(0, MOST_NAMES).map(sayAlarm);
  const more = news.length > MOST_NAMES ? ` and ${news.length - MOST_NAMES} more` : "";
  return `${parts.join(", ")}.${names.length === 0 ? "" : ` New: ${names.join(", ")}${more}.`}`;
}

const sayAlarm = (alarm: RungAlarm): string => `${alarm.name.slice(0, 80)} ${rings(alarm) ? "rings" : alarm.value === "OK" ? "cleared" : "has no data"}`;
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
