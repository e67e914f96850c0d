/** Slots that take tasks: those there are, and those to come. Seconds throughout. */
export interface Supply {
  readonly idle: number;
  readonly busy: number;
  readonly serviceSeconds: number;
  /** Slots that come later, and when. */
  readonly coming: readonly { readonly inSeconds: number; readonly slots: number }[];
}

/** Tasks that wait now and those that will arrive: at a steady rate, and in lots at known moments. */
export interface Arriving {
  readonly backlog: number;
  readonly perSecond: number;
  readonly lots: readonly { readonly inSeconds: number; readonly tasks: number }[];
  /** By how many standard deviations more may come and fewer end than expected. Left out: none. */
  readonly scatter?: number;
  /** How many of the backlog have waited for so long already, in seconds; left out: they came just now. */
  readonly past?: readonly { readonly age: number; readonly tasks: number }[];
}

/**
 * Whether every task that arrives within `horizon`, and every known lot, starts within `limit`, if `added` slots come at `addedIn`. A fluid look ahead: a
 * busy slot frees once in a service time, an idle or a new one takes a task at once and the next a service time later. What has
 * arrived by t, now or in the past, must be startable by t + limit; it is enough to ask at the corners of both curves. Starts before
 * `from` are not judged: nobody who is added now can change them.
 */
export function keepsWait(supply: Supply, arriving: Arriving, ahead: Ahead): boolean {
  const { limit, horizon, added, addedIn, from = 0 } = ahead;
  const holds = (t: number): boolean => t + limit < from || keepsUp(supply, arriving, { t, x: t + limit, added, addedIn });
  const first = Math.max(0, from - limit + MOMENT);
  if (!holds(horizon) || (first <= horizon && !holds(first))) return false;
  if (arriving.past !== undefined)
    for (const { age, tasks } of arriving.past) {
      const x = Math.max(0, limit - age);
      if (x >= from && startable({ supply, added, addedIn }, x) - margin(supply, arriving, 0, x) < tasks) return false;
    }
  const s = supply.serviceSeconds;
  const corner = (x: number): boolean => x <= limit || x - limit > horizon || holds(x - limit);
  if (!corner(s)) return false;
  for (const { inSeconds } of supply.coming) if (!corner(inSeconds) || !corner(inSeconds + s)) return false;
  if (added > 0 && !(corner(addedIn) && corner(addedIn + s))) return false;
  for (const { inSeconds } of arriving.lots) if (!holds(inSeconds)) return false;
  return true;
}

/** Whether what has arrived by t is startable by x. */
function keepsUp(
  supply: Supply,
  arriving: Arriving,
  { t, x, added, addedIn }: { readonly t: number; readonly x: number; readonly added: number; readonly addedIn: number },
): boolean {
  return startable({ supply, added, addedIn }, x) - margin(supply, arriving, t, x) >= arrivedBy(arriving, t);
}

/** Tasks that chance may add to what arrives by t and take from what ends by x, which is no more than all of it; half a task is none in a fluid. */
function margin({ busy, serviceSeconds }: Supply, { perSecond, scatter = 0 }: Arriving, t: number, x: number): number {
  if (scatter === 0) return -TOLERANCE;
  const come = perSecond * Math.max(0, t);
  const end = (busy * x) / serviceSeconds;
  return Math.min(scatter * Math.sqrt(come + end), scatter * Math.sqrt(come) + end) - TOLERANCE;
}

/** Right after workers came. */
const MOMENT = 0.01;

/** How far is looked ahead, and what is added meanwhile. */
export interface Ahead {
  readonly limit: number;
  readonly horizon: number;
  /** Slots. */
  readonly added: number;
  readonly addedIn: number;
  /** Only starts from here on are judged; left out: all. */
  readonly from?: number;
}

/** The longest wait that is to come, to a hundredth of its size; `LONGEST` where it is longer than a day. */
export function worstWait(supply: Supply, arriving: Arriving, ahead: Omit<Ahead, "limit">): number {
  const within = (limit: number): boolean => keepsWait(supply, arriving, { ...ahead, limit });
  if (within(0)) return 0;
  let low = 0;
  let high = 8;
  while (high < LONGEST && !within(high)) {
    low = high;
    high *= 4;
  }
  if (high >= LONGEST) return LONGEST;
  for (let halved = 0; halved < 10 && high - low > Math.max(0.5, 0.01 * high); halved += 1) {
    const middle = (low + high) / 2;
    if (within(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Longer than this is not told apart, in seconds. */
export const LONGEST = 86_400;

/** Rounding of a fluid: half a task is none. */
const TOLERANCE = 0.5;

function startable({ supply, added, addedIn }: { readonly supply: Supply } & Omit<Ahead, "limit" | "horizon">, t: number): number {
  const { idle, busy, serviceSeconds: s, coming } = supply;
  let tasks = idle * Math.max(1, t / s) + (busy * t) / s;
  for (const { inSeconds, slots } of coming) if (t > inSeconds) tasks += slots * Math.max(1, (t - inSeconds) / s);
  if (added > 0 && t > addedIn) tasks += added * Math.max(1, (t - addedIn) / s);
  return tasks;
}

function arrivedBy({ backlog, perSecond, lots }: Arriving, t: number): number {
  let tasks = backlog + perSecond * t;
  for (const lot of lots) if (lot.inSeconds <= t) tasks += lot.tasks;
  return tasks;
}

/** Whether nobody is there and nothing is to be done. */
export const nothingToDo = ({ idle, busy, coming }: Supply, { backlog, lots }: Arriving): boolean =>
  backlog === 0 && lots.length === 0 && idle + busy === 0 && coming.length === 0;
