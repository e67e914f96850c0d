import { type BackupId, days, hours, minutes, type RetentionCandidate, type RetentionFacts, sayLength, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { sayMinute } from "./words.ts";

/** A backup may be so far ahead of our clock. Source: `facts/backups.md` section 4. */
const AHEAD = minutes(10);
/** Our clock and the store's may differ so much. Source: as above. */
const APART = seconds(60);
/** One backup that the ledger does not know may be a lost row; so many are a lost ledger, or somebody's forgeries. */
export const MANY_DISPUTED = 3;
/** Contents that are a day away from the schedule are of another night, or a clock was wrong. */
const ASTRAY = hours(24);

/** Each backup once, newest first, and why some of them count nowhere. */
export interface SortedOut {
  readonly candidates: readonly RetentionCandidate[];
  readonly doubts: ReadonlyMap<BackupId, string>;
}

/** Puts the newest first, and doubts what is there twice with different facts, lies ahead, or was taken on another day than it was to be. */
export function sortOut(given: readonly RetentionCandidate[], { now }: RetentionFacts): SortedOut {
  const doubts = new Map<BackupId, string>();
  const once = new Map<BackupId, RetentionCandidate>();
  for (const one of given) {
    if (one.state === "pruned") continue;
    const before = once.get(one.id);
    if (before === undefined) once.set(one.id, one);
    else if (guard("a backup that is told twice is doubted", !isSame(before, one))) doubts.set(one.id, "it is listed twice, with different facts");
  }
  const candidates = [...once.values()].sort((a, b) => b.at - a.at || b.scheduled - a.scheduled || (a.id < b.id ? -1 : 1));
  for (const { id, at, scheduled } of candidates) {
    if (guard("a backup of another time is doubted", !(Math.abs(at - scheduled) <= ASTRAY)))
      doubts.set(id, `its contents are of ${sayMinute(at)}, but it was scheduled for ${sayMinute(scheduled)}`);
    else if (isAhead({ at, scheduled }, now)) doubts.set(id, `it says ${sayMinute(at)}, which has not come yet`);
  }
  for (const { id, disputed, acknowledged } of candidates)
    if (guard("a disputed backup stays", disputed !== undefined && acknowledged !== true && !doubts.has(id)) && disputed !== undefined)
      doubts.set(id, disputed);
  return { candidates, doubts };
}

/** Why nothing may be deleted at all; undefined: nothing speaks against it. */
export function whyStopped({ candidates }: SortedOut, facts: RetentionFacts): string | undefined {
  const { now, storeClock } = facts;
  if (storeClock !== undefined) {
    const apart = Math.abs(storeClock - now);
    if (guard("no pruning while clocks differ", !(apart <= APART)))
      return `our clock and the store's differ by ${Number.isFinite(apart) ? sayLength(days(apart / 86_400_000)) : "nobody knows how much"}: find out which one is wrong, then prune again`;
  }
  const ahead = candidates.find((one) => isAhead(one, now));
  if (guard("no pruning while a backup is ahead", ahead !== undefined) && ahead !== undefined)
    return `${ahead.id} says ${sayMinute(ahead.at)}, more than 10 m ahead of our clock: find out which clock is wrong, then prune again`;
  const suspect = candidates.find(({ state, acknowledged }) => state === "suspect" && acknowledged !== true);
  if (guard("no pruning while a backup is suspect", suspect !== undefined) && suspect !== undefined)
    return `${suspect.id} is suspect: ${suspect.disputed === undefined ? "look at what changed in its source" : `${suspect.disputed}: find out why`} and acknowledge it, then prune again`;
  const disputed = candidates.filter((one) => one.disputed !== undefined && one.acknowledged !== true && one.state !== "running");
  if (guard("no pruning while many are disputed", disputed.length >= MANY_DISPUTED))
    return `${disputed.length} backups are proven by the store alone (${disputed[0]?.id}: ${disputed[0]?.disputed}): find out who wrote them or lost their rows, then prune again`;
  return undefined;
}

const isAhead = ({ at, scheduled }: Pick<RetentionCandidate, "at" | "scheduled">, now: number): boolean => !(Math.max(at, scheduled) - now <= AHEAD);

/** Whether the same backup is told the same way twice, as a repeated delivery does. */
const isSame = (a: RetentionCandidate, b: RetentionCandidate): boolean =>
  a.at === b.at &&
  a.scheduled === b.scheduled &&
  a.state === b.state &&
  a.series === b.series &&
  a.lockedUntil === b.lockedUntil &&
  a.pinnedUntil === b.pinnedUntil &&
  a.acknowledged === b.acknowledged &&
  a.disputed === b.disputed &&
  (a.tags ?? []).join("\n") === (b.tags ?? []).join("\n") &&
  (a.copies ?? []).join("\n") === (b.copies ?? []).join("\n");
