import type { FleetState, ScalingFigures } from "@nightshift/model";
import { nothingToDo, worstWait } from "./capacity.ts";
import type { Outlook } from "./outlook.ts";

/** Figures of a look at which nothing is known of the queues. */
export const unknownFigures = (fleet: FleetState | undefined, startSeconds: number, draining: number): ScalingFigures => ({
  waiting: undefined,
  reserved: undefined,
  running: undefined,
  dueSoon: undefined,
  arrivals: undefined,
  completions: undefined,
  serviceSeconds: undefined,
  startSeconds,
  workers: fleet?.running,
  starting: fleet === undefined ? 0 : Math.max(0, fleet.desired - fleet.running),
  draining,
  worstNowSeconds: undefined,
  worstAfterSeconds: undefined,
});

/** Figures of a look, with the wait that is to come as things are and after the verdict. */
export function figuresOf(o: Outlook, change: { readonly added: number; readonly returned: number; readonly draining: number }): ScalingFigures {
  const start = o.starts.expectSeconds;
  const ahead = { horizon: start + o.promise, added: 0, addedIn: start };
  const now = nothingToDo(o.supply, o.arriving) ? 0 : worstWait(o.supply, o.arriving, ahead);
  const slots = o.settings.concurrency;
  const changed = change.added > 0 || change.returned > 0;
  const after = changed
    ? worstWait({ ...o.supply, idle: o.supply.idle + change.returned * slots }, o.arriving, { ...ahead, added: change.added * slots })
    : now;
  return {
    waiting: o.demand.waiting,
    reserved: o.demand.reserved,
    running: Math.round(o.busy),
    dueSoon: o.dueSoon,
    arrivals: round(o.arrivals.expected),
    completions: round(o.service.perSecond),
    serviceSeconds: o.service.seconds === undefined ? undefined : round(o.service.seconds),
    startSeconds: start,
    workers: o.fleet.running,
    starting: o.crew.missing,
    draining: change.draining,
    worstNowSeconds: Math.round(now),
    worstAfterSeconds: Math.round(after),
  };
}

const round = (n: number): number => Math.round(n * 1_000) / 1_000;
