/** What one look may read of messages: however much lies in the broker, the look costs the same (issue "Worker scaling", its bounds on `unacked`). */
export interface Budget {
  readonly bodies: number;
  readonly bytes: number;
}

/** Bodies of `unacked`, and what of them may come to us. */
export const unackedBudget: Budget = { bodies: 440, bytes: 3_400_000 };
/** Bodies of the lists, where only their ETA and the oldest one's moment matter. Together: 500 bodies, 4 MB. */
export const listsBudget: Budget = { bodies: 60, bytes: 600_000 };

/** So much of a message's end holds headers and properties; Celery cuts the arguments it shows there at 1,024 characters each. */
export const tailBytes = 6_144;
/**
 * A script touches so many bytes of the server's memory, then lets others go first; and a look so many in all. Measured on the
 * development machine, 2026-11-21, with all cores busy: 4.4 ms a megabyte, so no script takes 10 ms and no look 300 ms.
 */
export const bytesAScript = 2_000_000;
/** See `bytesAScript`. */
export const bytesTouched = 64_000_000;
/** However few come of one script, the look ends. */
export const scriptsAtMost = 80;

/**
 * Spreads `wanted` picks over `count` places: one a stratum, at a place in it that looks random and is the same every time,
 * so that no rhythm in the queue meets the rhythm of the picks. All of them when there are no more than wanted.
 */
export function spread(count: number, wanted: number): readonly number[] {
  if (count <= wanted) return Array.from({ length: count }, (_, place) => place);
  let noise = 0x2545f491;
  return Array.from({ length: wanted }, (_, stratum) => {
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
    const from = Math.floor((stratum * count) / wanted);
    const to = Math.floor(((stratum + 1) * count) / wanted);
    return from + Math.floor((noise / 2 ** 32) * (to - from));
  });
}
