import { minutes, since } from "@nightshift/model";
import { keepsWait } from "./capacity.ts";
import { workIsExpected } from "./expected-work.ts";
import type { Outlook } from "./outlook.ts";
import { tuning } from "./tuning.ts";

/** The fewest serving workers that keep the promise with what arrives at most; all of them when they are needed. */
export function workersNeeded(o: Outlook, lowest: number): number {
  const present = o.crew.ready;
  if (o.crew.missing > 0) return present;
  if (mayBeNone(o) && lowest === 0) return 0;
  let enough = present;
  let low = Math.max(1, lowest) - 1;
  while (enough - low > 1) {
    const middle = (low + enough) >> 1;
    if (suffices(o, middle)) enough = middle;
    else low = middle;
  }
  return Math.min(present, enough);
}

/** Whether so many workers would do. */
export function suffices(o: Outlook, workers: number): boolean {
  const slots = workers * o.settings.concurrency;
  const rate = o.arrivals.high;
  if (rate * o.serviceSeconds > tuning.inUtilisation * slots) return false;
  const busy = Math.min(slots, o.supply.busy);
  const start = o.starts.expectSeconds;
  const limit = tuning.inShare * o.promise;
  return keepsWait(
    { idle: slots - busy, busy, serviceSeconds: o.serviceSeconds, coming: [] },
    { ...o.arriving, perSecond: rate, scatter: tuning.inScatter },
    { limit, horizon: Math.max(0, start + o.lookSeconds + tuning.inAheadSeconds - limit), added: 0, addedIn: start },
  );
}

/**
 * Whether the last workers may go: nothing there, nothing to come, and so for as long as the settings ask (decision 45). Where they ask
 * for no time at all, the last one may be told while it still works, if a start from zero keeps the promise and work is rarer than
 * a start costs (a start is about a worker-minute: facts/scaling.md 4.1).
 */
export function mayBeNone(o: Outlook): boolean {
  const { quietSince } = o.state.memory;
  if (isEmpty(o)) return quietSince === undefined ? o.settings.idleBeforeZero === 0 : since(quietSince, o.at) >= o.settings.idleBeforeZero;
  if (o.settings.idleBeforeZero > 0 || o.crew.ready > 1 || o.demand.waiting + o.demand.reserved > 0 || comesSoon(o)) return false;
  return o.starts.expectSeconds + 2 * o.lookSeconds <= o.promise && workIsRare(o);
}

/** Whether less than one task comes in the time that a start is billed for: waiting for the next one costs more than starting for it. */
export const workIsRare = (o: Outlook): boolean => o.arrivals.slow * START_COSTS < 1;
const START_COSTS = 60;

const comesSoon = (o: Outlook): boolean => o.arriving.lots.length > 0 || workIsExpected(o.settings.expected, o.at, o.starts.expectSeconds + o.promise);

/** Nothing waits, runs, or comes due before a worker that starts then could take it in time. */
export function isEmpty(o: Outlook): boolean {
  const { waiting, reserved } = o.demand;
  return waiting + reserved + o.busy === 0 && !comesSoon(o);
}

/**
 * Empty for three minutes: then a look a minute is enough (decision 45). Where nobody can say what runs (SQS without late
 * acknowledgement), nothing that waited for so long is as much; nobody is given up for that.
 */
export const isQuiet = (o: Outlook, quietSince: Outlook["state"]["memory"]["quietSince"]): boolean =>
  quietSince === undefined ? nothingCame(o) : since(quietSince, o.at) >= QUIET_AFTER;
const QUIET_AFTER = minutes(3);

/** Whether nothing waited for three minutes, at a service of which nobody says what it executes. */
function nothingCame(o: Outlook): boolean {
  // Workers that were ever heard say what they execute; between two windows of listening they are silent.
  const isHeard = o.crew.heardBusy !== undefined || (o.state.memory.more["heardAt"] ?? 0) > 0;
  if (o.demand.running !== undefined || isHeard || o.demand.waiting + o.demand.reserved > 0 || comesSoon(o)) return false;
  return (
    o.samples.some(({ at }) => since(at, o.at) >= QUIET_AFTER) &&
    o.samples.every(({ at, waiting, reserved }) => since(at, o.at) >= QUIET_AFTER || waiting + reserved === 0)
  );
}
