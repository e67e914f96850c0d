import type { AlarmMove, AlarmValue, EpochMs, RungAlarm, Severity } from "@nightshift/model";
import { epochMs } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** How many changes of an alarm are remembered: flapping is told by the newest three. */
const MOST_CHANGES = 12;

/** `first` and `rang` of an alarm of which only an end is known so far: its beginning may still be under way to us. */
export const NEVER = epochMs(0);

/**
 * Merges moves into what an incident remembers of its alarms: one row a name, in the order of their names.
 * Commutative, associative and idempotent: the newest service time wins, whatever comes first or twice (invariants 21, 22).
 */
export function mergeAlarms(rows: readonly RungAlarm[], moves: readonly (AlarmMove | RungAlarm)[]): readonly RungAlarm[] {
  const merged = new Map<string, RungAlarm>();
  for (const one of [...rows, ...moves]) {
    const row = "at" in one ? rungOf(one) : one;
    const known = merged.get(row.name);
    merged.set(row.name, known === undefined ? row : mergeOne(known, row));
  }
  return [...merged.values()].sort((a, b) => byText(a.name, b.name));
}

/** Which of the incident's shards keeps the alarm of this name: 0 to `shards - 1`, the same for ever. */
export function shardOf(name: string, shards = 8): number {
  // FNV-1a over UTF-16 units: only spreads names, protects nothing.
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash % shards;
}

/** False for an alarm of which only an end is known. */
export const hasRung = (alarm: RungAlarm): boolean => alarm.rang !== NEVER;

/** It rings now, as far as anybody told us. */
export const rings = (alarm: RungAlarm): boolean => alarm.value === "ALARM";

/**
 * Whether it rang at that moment, worked back from what it is now: every change in between turned it over. Where more
 * changed than is remembered, it rang: an incident is rather ended late.
 */
export function rangAt(alarm: RungAlarm, at: EpochMs): boolean {
  if (!hasRung(alarm) || at < alarm.first) return false;
  if (at >= alarm.since) return rings(alarm);
  const turns = alarm.changes.filter((one) => one > at).length;
  if (turns === alarm.changes.length) return true;
  return rings(alarm) !== (turns % 2 === 1);
}

/** The worse of two. */
export const worse = (a: Severity, b: Severity): Severity => (a < b ? a : b);

function rungOf(move: AlarmMove): RungAlarm {
  const rang = move.value === "ALARM";
  return {
    name: move.name,
    service: move.service,
    value: move.value,
    since: move.at,
    reason: move.reason,
    first: rang ? move.at : NEVER,
    rang: rang ? move.at : NEVER,
    // The end of an alarm says nothing of how bad it was.
    severity: rang ? move.severity : "P4",
    role: rang ? move.role : "symptom",
    changes: [move.at],
  };
}

function mergeOne(a: RungAlarm, b: RungAlarm): RungAlarm {
  const newest = guard("newest alarm state wins", isNewer(a, b)) ? a : b;
  const firsts = [a.first, b.first].filter((one) => one !== NEVER);
  return {
    name: a.name,
    service: newest.service,
    value: newest.value,
    since: newest.since,
    reason: newest.reason,
    first: firsts.length === 0 ? NEVER : epochMs(Math.min(...firsts)),
    rang: epochMs(Math.max(a.rang, b.rang)),
    severity: worse(a.severity, b.severity),
    role: ROLES.indexOf(a.role) < ROLES.indexOf(b.role) ? a.role : b.role,
    changes: [...new Set([...a.changes, ...b.changes])].sort((x, y) => y - x).slice(0, MOST_CHANGES),
  };
}

const ROLES: readonly RungAlarm["role"][] = ["down", "cause", "symptom"];
/** Two states of one moment: what rings is believed first, so that nothing is called over that may not be. */
const VALUES: readonly AlarmValue[] = ["OK", "INSUFFICIENT_DATA", "ALARM"];

/** A total order, so that it does not matter which of two is seen first. */
function isNewer(a: RungAlarm, b: RungAlarm): boolean {
  if (a.since !== b.since) return a.since > b.since;
  if (a.value !== b.value) return VALUES.indexOf(a.value) > VALUES.indexOf(b.value);
  if (a.reason !== b.reason) return a.reason > b.reason;
  return a.service > b.service;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
