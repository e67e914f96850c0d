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
}

/**
 * Whether every task that arrives within `horizon` starts within `limit`, if `added` slots come at `addedIn`. A fluid look ahead: a
 * busy slot frees once in a service time, an idle or a new one takes a task at once and the next a service time later. What has
 * arrived by t must be startable by t + limit; it is enough to ask at the corners of both curves.
 */
export function keepsWait(supply: Supply, arriving: Arriving, { limit, horizon, added, addedIn }: Ahead): boolean {
  const ahead = { supply, added, addedIn };
  const holds = (t: number): boolean => startable(ahead, t + limit) + TOLERANCE >= arrivedBy(arriving, t);
  if (!holds(0) || !holds(horizon)) return false;
  const s = supply.serviceSeconds;
  const corner = (x: number): boolean => x <= limit || x - limit > horizon || holds(x - limit);
  if (!corner(s)) return false;
  for (const { inSeconds } of supply.coming) if (!corner(inSeconds) || !corner(inSeconds + s)) return false;
  if (added > 0 && !(corner(addedIn) && corner(addedIn + s))) return false;
  for (const { inSeconds } of arriving.lots) if (inSeconds <= horizon && !holds(inSeconds)) return false;
  return true;
}

/** How far is looked ahead, and what is added meanwhile. */
export interface Ahead {
  readonly limit: number;
  readonly horizon: number;
  /** Slots. */
  readonly added: number;
  readonly addedIn: number;
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
  for (let halved = 0; halved < 12 && high - low > 0.5; halved += 1) {
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
