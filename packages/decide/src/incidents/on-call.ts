import { after, days, type EpochMs, epochMs, type OnCallOverride, type Rota } from "@nightshift/model";
import { laterDay, type LocalDay, localDayOf, momentOn, readLocalDay, weekdayOf } from "./business-time.ts";

/** Who is to be called now. */
export interface OnDuty {
  /** Names of the config, or Slack ids where the rota is a user group; empty: nobody. All of them are called. */
  readonly people: readonly string[];
  /** Who entered the hand-over that they stand by; undefined: the rota's own turn. */
  readonly by: string | undefined;
  /** When somebody else's turn begins; undefined: never by itself. */
  readonly until: EpochMs | undefined;
}

/** One turn of a plan. */
export interface Shift extends OnDuty {
  readonly from: EpochMs;
}

/**
 * Who is on call at `now`. A hand-over stands above the rota; of several the one that began last counts.
 * `members` are those of a user group, which only Slack knows.
 */
export function whoIsOnCall(rota: Rota, overrides: readonly OnCallOverride[], now: EpochMs, members: readonly string[] = []): OnDuty {
  const own = overrides.filter((one) => one.rota === rota.name);
  const standing = own.filter((one) => one.from <= now && now < one.until).toSorted(byLatest)[0];
  const turn = turnAt(rota, now, members);
  const laterStarts = own.filter((one) => now < one.from && one.from < one.until).map((one) => one.from);
  const ends = standing === undefined ? turn.until : standing.until;
  return {
    people: standing === undefined ? turn.people : [standing.person],
    by: standing?.by,
    until: earliest([...laterStarts, ends]),
  };
}

/** The turns of the seven days from `now`, in order and without gaps; at most 50 of them. */
export function weekOnCall(rota: Rota, overrides: readonly OnCallOverride[], now: EpochMs, members: readonly string[] = []): readonly Shift[] {
  const end = after(now, days(7));
  const shifts: Shift[] = [];
  let from = now;
  while (from < end && shifts.length < MOST_SHIFTS) {
    const duty = whoIsOnCall(rota, overrides, from, members);
    const until = duty.until === undefined || duty.until > end ? end : duty.until;
    const last = shifts.at(-1);
    // A hand-over to the person whose turn it is anyway is no new turn for anybody who reads the plan.
    if (last !== undefined && last.by === duty.by && last.people.join() === duty.people.join()) shifts[shifts.length - 1] = { ...last, until };
    else shifts.push({ ...duty, from, until });
    from = until;
  }
  return shifts;
}

/** Seven daily turns cut by every hand-over that people enter: a limit on the loop, never met in practice. */
const MOST_SHIFTS = 50;

type Turn = Pick<OnDuty, "people" | "until">;
type Rotation = Extract<Rota, { readonly kind: "rotation" }>;

function turnAt(rota: Rota, now: EpochMs, members: readonly string[]): Turn {
  switch (rota.kind) {
    case "static":
      return { people: rota.people, until: undefined };
    case "slack-group":
      return { people: members, until: undefined };
    case "rotation":
      return rotationAt(rota, now);
  }
}

/** Turns are counted in days of the zone, not in hours: the hand-over stays at its local time when the clocks change. */
function rotationAt(rota: Rotation, now: EpochMs): Turn {
  const { handoff, zone, people } = rota;
  const length = handoff.weekday === "daily" ? 1 : 7;
  const began = turnBegan(rota, now);
  const first = handoffOnOrBefore(readLocalDay(rota.from) ?? began, rota);
  const turns = Math.round((began - first) / length);
  const person = people[((turns % people.length) + people.length) % people.length];
  return { people: person === undefined ? [] : [person], until: momentOn(laterDay(began, length), handoff, zone) };
}

/** The day on which the turn began that `now` is in. */
function turnBegan(rota: Rotation, now: EpochMs): LocalDay {
  const day = handoffOnOrBefore(localDayOf(now, rota.zone), rota);
  if (momentOn(day, rota.handoff, rota.zone) <= now) return day;
  return laterDay(day, rota.handoff.weekday === "daily" ? -1 : -7);
}

function handoffOnOrBefore(day: LocalDay, { handoff }: Rotation): LocalDay {
  for (let ago = 0; ago < 7; ago++) {
    const one = laterDay(day, -ago);
    if (handoff.weekday === "daily" || weekdayOf(one) === handoff.weekday) return one;
  }
  return day;
}

const byLatest = (a: OnCallOverride, b: OnCallOverride): number => b.from - a.from || (a.id < b.id ? 1 : -1);

function earliest(moments: readonly (EpochMs | undefined)[]): EpochMs | undefined {
  const known = moments.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : epochMs(Math.min(...known));
}
