import { type Attention, type EpochMs, minutes, type ScalingState, seconds, since } from "@nightshift/model";

/** Something a person would care about, as it is at this look. */
export interface Concern {
  readonly kind: Attention["kind"];
  readonly says: readonly string[];
}

/**
 * What deserves attention now: the concerns of this look under the moment they began, so that each is told once while it lasts.
 * What happened rather than lasts (a wrong victim, a drain given up) stays a quarter of an hour.
 */
export function attentionNow(before: readonly Attention[], concerns: readonly Concern[], at: EpochMs): readonly Attention[] {
  if (before.length === 0 && concerns.length === 0) return before;
  const kept = before.filter(
    ({ kind, since: began }) => concerns.some((one) => one.kind === kind) || (EVENTS.includes(kind) && since(began, at) < EVENT_LASTS),
  );
  const fresh: Attention[] = [];
  for (const { kind, says } of concerns)
    if (!kept.some((one) => one.kind === kind) && !fresh.some((one) => one.kind === kind)) fresh.push({ kind, since: at, says });
  return fresh.length === 0 && kept.length === before.length ? before : [...kept, ...fresh];
}

/** Concerns of the past hour's changes: a count that goes to and fro, or an hour's changes used up. */
export function thrash(state: ScalingState, maxChangesPerHour: number, at: EpochMs): Concern | undefined {
  let turns = 0;
  let changes = 0;
  let up: boolean | undefined;
  let last = Number.NEGATIVE_INFINITY;
  for (const { at: then, from, to } of state.changes) {
    if (since(then, at) >= HOUR) continue;
    changes += 1;
    // To zero and back is what a service with little work is meant to do.
    if (from === 0 || to === 0) continue;
    const goesUp = to > from;
    if (up !== undefined && goesUp !== up && then - last < 600_000) turns += 1;
    up = goesUp;
    last = then;
  }
  if (changes >= maxChangesPerHour)
    return {
      kind: "thrash",
      says: [
        `All ${maxChangesPerHour} changes of this hour are made: the count stays until the oldest is an hour old.`,
        "Raise maxChangesPerHour, or min so that fewer are needed.",
      ],
    };
  if (turns < THRASH) return undefined;
  return {
    kind: "thrash",
    says: [
      `The number of workers turned ${turns} times within an hour, each time less than 10 minutes after the change before.`,
      "A longer inCoolDown or a higher min makes it calmer.",
    ],
  };
}

/** A broker nobody could look at for so long is told. */
export const tellUnknown = (unknownSince: EpochMs, at: EpochMs): boolean => since(unknownSince, at) >= TOLD_AFTER;

/** Two looks of 15 s: one that fails is forgotten, a third is news. */
const TOLD_AFTER = seconds(30);
const EVENTS: readonly Attention["kind"][] = ["wrong-victim", "drain-stuck"];
const EVENT_LASTS = minutes(15);
const HOUR = minutes(60);
/** Turns in an hour that a calm service does not make: three bursts that come and go. */
const THRASH = 6;
