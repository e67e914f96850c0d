import type { EpochMs, ScalingMemory, WorkerSettings } from "@nightshift/model";

type Starting = ScalingMemory["starting"];

/** Starts in flight as ECS shows them, and how long starts take. */
export interface Starts {
  readonly starting: Starting;
  readonly startSeconds: readonly number[];
  /** What a start takes with some caution (80 of 100 are no slower); the setting until five were seen. */
  readonly expectSeconds: number;
}

/**
 * Brings the remembered starts in line with how many are missing: the oldest have come when fewer are missing than remembered; more
 * are missing than remembered when Spot took one back or somebody else asked for it.
 */
export function followStarts(
  memory: ScalingMemory,
  { at, missing, gapSeconds }: { readonly at: EpochMs; readonly missing: number; readonly gapSeconds: number },
  settings: WorkerSettings,
): Starts {
  let remembered = 0;
  for (const one of memory.starting) remembered += one.workers;
  let startSeconds = memory.startSeconds;
  let starting: Starting = memory.starting;
  if (remembered > missing) {
    const seen: number[] = [];
    starting = dropOldest(memory.starting, remembered - missing, (asked) => seen.push(Math.max(1, Math.round((at - asked) / 1_000 - gapSeconds / 2))));
    // A long gap between two looks says too little about when within it the worker came.
    if (gapSeconds <= 20) startSeconds = [...startSeconds, ...seen].slice(-20);
  } else if (remembered < missing) starting = [...memory.starting, { at, workers: missing - remembered }];
  return { starting, startSeconds, expectSeconds: expect(startSeconds, settings.startTime / 1_000) };
}

function dropOldest(starting: Starting, come: number, saw: (asked: EpochMs) => void): Starting {
  let left = come;
  const kept: { at: EpochMs; workers: number }[] = [];
  for (const one of starting) {
    const here = Math.min(left, one.workers);
    left -= here;
    if (here > 0) saw(one.at);
    if (one.workers > here) kept.push({ at: one.at, workers: one.workers - here });
  }
  return kept;
}

function expect(seen: readonly number[], setting: number): number {
  if (seen.length < 5) return setting;
  // One in five is slower: the so-many-eth longest, found without sorting what is looked at each time.
  let found = Number.POSITIVE_INFINITY;
  for (let slower = Math.floor(0.2 * seen.length); slower >= 0; ) {
    let next = 0;
    let same = 0;
    for (const one of seen) {
      if (one >= found) continue;
      if (one > next) {
        next = one;
        same = 1;
      } else if (one === next) same += 1;
    }
    found = next;
    slower -= same;
  }
  return found;
}
