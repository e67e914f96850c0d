import { type Delivery, type Entry, type Incident, sayClock, type Severity } from "@nightshift/model";
import { type PlaceName, toldBy } from "./rows.ts";

/** A reply that is longer is cut in two: Slack takes 3,000 characters in one block of text. Source: the types of @slack/types 3.2.0 (2026-11-21). */
const LONGEST = 3_000;
/** `03:14:20  ` before a line, and its end. */
const AROUND = 11;

/** Lines that nobody was told yet, in order, and where they belong: after an incident got a channel of its own, there. */
export function untold(incident: Pick<Incident, "entries">, rows: readonly Delivery[], roomStands: boolean): Readonly<Record<PlaceName, readonly Entry[]>> {
  const told = toldBy(rows);
  const moved = roomStands ? incident.entries.findIndex(({ change }) => change?.what === "room") : -1;
  const waiting = incident.entries.map((entry, position) => ({ entry, position })).filter(({ entry }) => entry.announce && !told.has(entry.key));
  const of = (inRoom: boolean) => waiting.filter(({ position }) => (moved >= 0 && position > moved) === inRoom).map(({ entry }) => entry);
  return { home: of(false), room: of(true) };
}

/** The first of these lines that fit one reply: at least one. */
export function oneReply(entries: readonly Entry[]): readonly Entry[] {
  let length = 0;
  const fits = entries.findIndex(({ text }) => {
    length += text.length + AROUND;
    return length > LONGEST;
  });
  return fits === -1 ? entries : entries.slice(0, Math.max(1, fits));
}

/** Whether these are more than one reply holds. */
export const overflows = (entries: readonly Entry[]): boolean => oneReply(entries).length < entries.length;

const rank: Readonly<Record<Severity, number>> = { P1: 1, P2: 2, P3: 3, P4: 4 };

/** Keys of the lines that the whole channel sees: pages, and severities that rose. */
export function loudIn(incident: Pick<Incident, "entries" | "openedAs" | "severity">): ReadonlySet<string> {
  const loud = new Set<string>();
  let standing = incident.openedAs ?? incident.severity;
  for (const { key, change } of incident.entries) {
    if (change?.what === "paged") loud.add(key);
    if (change?.what !== "severity" && change?.what !== "standing") continue;
    const next = change.what === "severity" ? change.to : change.severity;
    if (next === undefined) continue;
    if (rank[next] < rank[standing]) loud.add(key);
    standing = next;
  }
  return loud;
}

/** Whether this line should not wait for the reader's pace: a person acted, somebody was paged, or the incident changed its state. */
export function isUrgent({ actor, change }: Entry): boolean {
  if (actor !== undefined && !actor.startsWith("nightshift/")) return true;
  return change !== undefined && change.what !== "standing" && change.what !== "evidence" && change.what !== "suspect" && change.what !== "title";
}

/** The lines as plain text, for the ways that know no cards. */
export const plainLines = (entries: readonly Entry[]): string => entries.map(({ at, text }) => `${sayClock(at)}  ${text}`).join("\n");
