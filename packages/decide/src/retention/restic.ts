import type { BackupId, CalendarLength, EpochMs, ResticPeriod, ResticPolicy, RetentionCandidate } from "@nightshift/model";
import { calendarBefore, dayOf, hourOf, isNoTime, isoWeekOf, monthOf, sayCalendarLength, yearOf } from "./calendar.ts";

/** Why each backup is kept; what is not in it is kept by nothing. */
export type Reasons = Map<BackupId, string[]>;

/**
 * What `restic forget` with these options keeps of one group, and why: the newest of each period until an option is used up, everything within a
 * length of the newest that is not in the future, everything with the tags. `candidates` are newest first. An empty policy keeps nothing.
 * Sources: "Removing backup snapshots", https://restic.readthedocs.io/en/stable/060_forget.html, read 2026-11-21; held against Debian's restic in
 * `test/postgres/restic.test.ts`.
 */
export function keepByRestic(candidates: readonly RetentionCandidate[], policy: ResticPolicy, now: EpochMs): Reasons {
  const reasons: Reasons = new Map();
  const options = [...optionsOf(policy)];
  const latest = candidates.find(({ at }) => at < now)?.at;
  const lengths = lengthsOf(policy, latest);
  candidates.forEach((candidate, index) => {
    const isLast = index === candidates.length - 1;
    const why = [
      ...policy.tags.filter((list) => hasTags(candidate, list)).map((list) => `has ${list.map((tag) => (tag === "" ? "no tags" : tag)).join(" and ")}`),
      ...lengths.filter((one) => isWithin(candidate.at, one)).flatMap((one) => (one.period === undefined ? [`within ${one.said}`] : [])),
      ...options.flatMap((option) => take(option, { candidate, index, oldest: isLast && policy.oldest })),
      ...lengths.flatMap((one) => takeWithin(one, candidate, isLast && policy.oldest)),
    ];
    if (why.length > 0) reasons.set(candidate.id, why);
  });
  return reasons;
}

/** What a period is called, and how its members are told apart. */
const periods: readonly { readonly name: ResticPeriod; readonly of: (at: EpochMs) => number; readonly says: string }[] = [
  { name: "hourly", of: hourOf, says: "newest of its hour" },
  { name: "daily", of: dayOf, says: "newest of its day" },
  { name: "weekly", of: isoWeekOf, says: "newest of its week" },
  { name: "monthly", of: monthOf, says: "newest of its month" },
  { name: "yearly", of: yearOf, says: "newest of its year" },
];

/** An option that counts: how many it may still keep (-1: no end to it) and the period it kept one of last. */
interface Counting {
  left: number;
  before: number | undefined;
  readonly of: (at: EpochMs, index: number) => number;
  readonly says: string;
}

function* optionsOf({ last, periods: counts }: ResticPolicy): Generator<Counting> {
  if (last !== undefined) yield { left: last, before: undefined, of: (_, index) => index, says: "one of the newest" };
  for (const { name, of, says } of periods) {
    const left = counts[name];
    if (left !== undefined) yield { left, before: undefined, of, says };
  }
}

function take(option: Counting, { candidate, index, oldest }: { readonly candidate: RetentionCandidate; readonly index: number; readonly oldest: boolean }) {
  if (option.left === 0) return [];
  const period = option.of(candidate.at, index);
  const isNew = period !== option.before;
  if (!isNew && !oldest) return [];
  option.before = period;
  if (option.left > 0) option.left -= 1;
  return [isNew ? option.says : `oldest of all, and "${option.says}" is not used up`];
}

/** An option that counts back from the newest; without a period it keeps everything there. */
interface Within {
  readonly period: (typeof periods)[number] | undefined;
  /** Undefined: every backup lies in the future, and restic then keeps them all. */
  readonly since: EpochMs | undefined;
  readonly said: string;
  before: number | undefined;
}

function lengthsOf(policy: ResticPolicy, latest: EpochMs | undefined): readonly Within[] {
  const one = (period: Within["period"], length: CalendarLength | undefined): readonly Within[] =>
    length === undefined || isNoTime(length)
      ? []
      : [{ period, since: latest === undefined ? undefined : calendarBefore(latest, length), said: sayCalendarLength(length), before: undefined }];
  return [...one(undefined, policy.within), ...periods.flatMap((period) => one(period, policy.withinPeriods[period.name]))];
}

const isWithin = (at: EpochMs, { since }: Within): boolean => since === undefined || at > since;

function takeWithin(one: Within, { at }: RetentionCandidate, oldest: boolean): readonly string[] {
  if (one.period === undefined || !isWithin(at, one)) return [];
  const period = one.period.of(at);
  const isNew = period !== one.before;
  if (!isNew && !oldest) return [];
  one.before = period;
  const says = `${one.period.says} within ${one.said}`;
  return [isNew ? says : `oldest of all, and "${says}" still holds`];
}

/** restic's rule: all tags of the list; an empty tag stands for a backup without tags, and ends the list. */
function hasTags({ tags = [] }: RetentionCandidate, list: readonly string[]): boolean {
  for (const tag of list) {
    if (tag === "" && tags.length === 0) return true;
    if (!tags.includes(tag)) return false;
  }
  return true;
}
