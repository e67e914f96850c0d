import { type Arriving, keepsWait, type Supply, worstWait } from "./capacity.ts";
import type { Outlook } from "./outlook.ts";
import { tuning } from "./tuning.ts";

/** How many more workers keep the promise, and whether they do. */
export interface More {
  readonly workers: number;
  readonly keeps: boolean;
}

/**
 * The fewest workers more with which every task starts in time: none while those there and in flight do. `returning` of them would
 * be there at once (they drain), the rest a start later. Where none keeps the promise, the fewest that come close to what all would do.
 */
export function workersMissing(o: Outlook, { returning, room }: { readonly returning: number; readonly room: number }): More {
  const { supply, promise } = o;
  const start = o.starts.expectSeconds;
  const limit = tuning.outShare * promise;
  const soon: Arriving = { ...o.arriving, lots: o.arriving.lots.filter(({ inSeconds }) => inSeconds <= start + o.lookSeconds) };
  if (nothingToDo(o, soon)) return { workers: 0, keeps: true };
  const now = { limit, horizon: start + promise / 2, added: 0, addedIn: start };
  if (keepsWait(supply, soon, now)) return { workers: 0, keeps: true };
  const slots = o.settings.concurrency;
  let taken = supply;
  for (let back = 1; back <= Math.min(returning, room); back += 1) {
    taken = { ...taken, idle: taken.idle + slots };
    if (keepsWait(taken, soon, now)) return { workers: back, keeps: true };
  }
  const fresh = room - Math.min(returning, room);
  if (fresh <= 0) return { workers: room, keeps: false };
  return startsMissing(taken, soon, { limit, start, slots, fresh, promise, room });
}

interface Starting {
  readonly limit: number;
  readonly start: number;
  readonly slots: number;
  readonly fresh: number;
  readonly promise: number;
  readonly room: number;
}

function startsMissing(supply: Supply, arriving: Arriving, { limit, start, slots, fresh, promise, room }: Starting): More {
  const horizon = start + tuning.outHorizon * promise;
  const keeps = (workers: number, within: number): boolean => keepsWait(supply, arriving, { limit: within, horizon, added: workers * slots, addedIn: start });
  const enough = keeps(fresh, limit);
  // What cannot be kept is missed by as little as all workers would miss it by.
  const within = enough ? limit : worstWait(supply, arriving, { horizon, added: fresh * slots, addedIn: start }) + tuning.closeSeconds;
  let low = 0;
  let high = fresh;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (keeps(middle, within)) high = middle;
    else low = middle;
  }
  return { workers: room - fresh + high, keeps: enough };
}

function nothingToDo(o: Outlook, arriving: Arriving): boolean {
  const { idle, busy, coming } = o.supply;
  return arriving.backlog === 0 && arriving.lots.length === 0 && idle + busy === 0 && coming.length === 0;
}
