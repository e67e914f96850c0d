import { type Arriving, keepsWait, LONGEST, nothingToDo, type Supply } from "./capacity.ts";
import type { Outlook } from "./outlook.ts";
import { tuning } from "./tuning.ts";

/** How many more workers keep the promise, and whether they do. */
export interface More {
  readonly workers: number;
  readonly keeps: boolean;
}

/**
 * The fewest workers more with which every task starts in time: none while those there and in flight do. Those that drain would be
 * there at once, with so many free slots each (`returning`), the rest a start later. Where none keeps the promise, the fewest that come close to what all would do.
 */
export function workersMissing(o: Outlook, { returning, room }: { readonly returning: readonly number[]; readonly room: number }): More {
  const { supply, promise } = o;
  const start = o.starts.expectSeconds;
  const limit = tuning.outShare * promise;
  const soon: Arriving = { ...o.arriving, scatter: tuning.outScatter, lots: o.arriving.lots.filter(({ inSeconds }) => inSeconds <= start + o.lookSeconds) };
  if (nothingToDo(supply, soon)) return { workers: 0, keeps: true };
  // What arrives later can still be taken by workers that are added at the next look.
  const last = start + o.lookSeconds + tuning.outEarlySeconds - limit;
  const horizon = Math.max(0, last);
  const now = { limit, horizon, added: 0, addedIn: start };
  if (keepsWait(supply, soon, now)) return { workers: 0, keeps: true };
  const slots = o.settings.concurrency;
  let taken = supply;
  const back = Math.min(returning.length, room);
  for (let i = 0; i < back; i += 1) {
    const free = returning[i] ?? slots;
    taken = { ...taken, idle: taken.idle + free, busy: taken.busy + slots - free };
    if (keepsWait(taken, soon, now)) return { workers: i + 1, keeps: true };
  }
  const fresh = room - back;
  if (fresh <= 0) return { workers: room, keeps: false };
  return startsMissing(taken, soon, { limit, start, slots, fresh, horizon: Math.max(0, last + tuning.outExtraSeconds), room });
}

interface Starting {
  readonly limit: number;
  readonly start: number;
  readonly slots: number;
  readonly fresh: number;
  readonly horizon: number;
  readonly room: number;
}

function startsMissing(supply: Supply, arriving: Arriving, { limit, start, slots, fresh, horizon, room }: Starting): More {
  const returned = room - fresh;
  const keeps = (workers: number, within: number): boolean =>
    keepsWait(supply, arriving, { limit: within, horizon, added: workers * slots, addedIn: start, from: start });
  if (keeps(0, limit)) return { workers: returned, keeps: true };
  const enough = keeps(fresh, limit);
  // What cannot be kept is missed by as little as all workers would miss it by.
  const within = enough ? limit : leastLimit((seconds) => keeps(fresh, seconds), limit) + tuning.closeSeconds;
  let low = 0;
  let high = fresh;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (keeps(middle, within)) high = middle;
    else low = middle;
  }
  return { workers: returned + high, keeps: enough };
}

/** The shortest wait above one that cannot be kept, to a second. */
function leastLimit(kept: (seconds: number) => boolean, broken: number): number {
  let low = broken;
  let high = broken * 2;
  while (high < LONGEST && !kept(high)) {
    low = high;
    high *= 2;
  }
  while (high - low > 1 && high < LONGEST) {
    const middle = (low + high) / 2;
    if (kept(middle)) high = middle;
    else low = middle;
  }
  return high;
}
