import type { Draining, ScalingVerdict } from "@nightshift/model";
import { allowedCount, changesAreUsedUp } from "./bounds.ts";
import type { Concern } from "./attention.ts";
import { readDrains } from "./drain-book.ts";
import { scheduledFloor } from "./expected-work.ts";
import { answerOf } from "./fleet.ts";
import type { Outlook } from "./outlook.ts";
import { sayNeed } from "./say.ts";
import { isSaturated, mostUntilJudged } from "./saturation.ts";
import { workersMissing } from "./scale-out.ts";
import { clearLowering, type Settled } from "./settle.ts";
import { tuning } from "./tuning.ts";
import { readUtilisation } from "./utilisation.ts";
import type { Context, Draft } from "./verdict.ts";

/** Adds workers where they are needed: drained ones take work again first, then new ones start. Undefined: none is needed, or none may be added. */
export function stepOut(context: Context, settled: Settled): Draft | undefined {
  const { o } = context;
  const { fleet, settings } = o;
  const { rows, stuck, again } = readDrains(o);
  const after = clearLowering(o, [...rows, ...again], settled);
  const returning = [
    ...stuck,
    ...bestToReturn(
      after.draining.filter(({ task }) => after.lowering?.victims.includes(task) !== true),
      o,
    ),
  ];
  const asked = workersAsked(
    context,
    returning.map((row) => freeSlots(row, o)),
  );
  const back = Math.min(asked.workers, returning.length);
  const undrain = returning.slice(0, Math.max(back, stuck.length)).map(({ worker }) => worker);
  const wanted = fleet.desired + asked.workers - back;
  const mayStart = wanted > fleet.desired && !changesAreUsedUp(o.state, settings, { at: o.at, way: "out" });
  const desired = after.back + (mayStart ? Math.max(fleet.desired, allowedCount(wanted, fleet.desired, { bounds: context.bounds, settings })) : fleet.desired);
  if (back === 0 && desired === fleet.desired) return undefined;
  const kind: ScalingVerdict["kind"] = desired > fleet.desired ? "out" : "undrain";
  const concerns: readonly Concern[] = after.concerns;
  return {
    kind,
    desired,
    undrain: [...undrain, ...after.undrain],
    unprotect: after.unprotect,
    because: asked.because,
    draining: after.draining.filter(({ worker }) => !undrain.includes(worker)),
    lowering: after.lowering,
    concerns,
  };
}

interface Asked {
  /** More than serve now or are on their way. */
  readonly workers: number;
  readonly because: readonly string[];
}

function workersAsked(context: Context, returning: readonly number[]): Asked {
  const { o, bounds } = context;
  const { fleet, settings, observation } = o;
  const serving = Math.max(0, fleet.desired - returning.length);
  const ordered = orderedWorkers(context);
  if (ordered !== undefined)
    return {
      workers: Math.max(0, ordered - serving),
      because: [`${observation.order?.by ?? "somebody"} ordered ${ordered} workers: ${observation.order?.because ?? ""}`],
    };
  const room = Math.max(0, bounds.upper - serving);
  const because: string[] = [];
  let workers = 0;
  const ask = (more: number, why: string): void => {
    if (more <= 0) return;
    if (more > workers) because.unshift(why);
    else because.push(why);
    workers = Math.max(workers, more);
  };
  if (isSaturated(context.help)) because.push("more workers did not help: the bottleneck is elsewhere");
  else {
    const more = workersMissing(o, { returning, room });
    const most = Math.max(0, mostUntilJudged(o, context.help) - serving);
    const limited = most < more.workers ? ": at most half as many again at a time, because tasks take longer since workers were added" : "";
    ask(Math.min(more.workers, most), `${sayNeed(o, more)}${limited}`);
  }
  const floor = floorOf(context);
  ask(floor.workers - serving, floor.because);
  if (settings.backlogAbove !== undefined && o.demand.waiting > settings.backlogAbove && o.crew.missing === 0)
    ask(settings.maxStep, `${Math.round(o.demand.waiting)} tasks wait, more than the ${settings.backlogAbove} of the rule`);
  const utilisation = readUtilisation(o);
  ask(utilisation.out, utilisation.because ?? "");
  return { workers: Math.min(workers, Math.max(room, bounds.lower - serving)), because };
}

/** The count a person ordered, within bounds; undefined: no order of a count is on. */
export function orderedWorkers({ o, bounds }: Context): number | undefined {
  const { order } = o.observation;
  if (order?.workers === undefined || o.at >= order.until) return undefined;
  return Math.min(bounds.upper, Math.max(bounds.lower, order.workers));
}

/** The fewest that shall stand now: the settings' and the schedule's. */
export function floorOf({ o, bounds }: Context): { readonly workers: number; readonly because: string } {
  const perWorker = o.settings.concurrency * Math.max(1, (tuning.outShare * o.promise) / o.serviceSeconds);
  const scheduled = scheduledFloor(o.settings.expected, {
    at: o.at,
    leadSeconds: o.starts.expectSeconds + o.lookSeconds + (o.state.memory.quietSince === undefined ? 0 : 45),
    tasksPerWorker: perWorker,
  });
  const workers = Math.min(bounds.upper, Math.max(bounds.lower, scheduled.workers));
  const at = scheduled.row?.at;
  const because =
    at === undefined || scheduled.workers <= bounds.lower
      ? `at least ${bounds.lower} workers are set`
      : `${workers} workers are expected to be needed from ${String(at.hour).padStart(2, "0")}:${String(at.minute).padStart(2, "0")} (${scheduled.row?.zone})`;
  return { workers, because };
}

/** Those with most to do and a slot to spare first: they stay longest anyway, and the others become empty. */
const bestToReturn = (rows: readonly Draining[], o: Outlook): readonly Draining[] =>
  rows.length < 2 ? rows : rows.toSorted((a, b) => rank(freeSlots(a, o)) - rank(freeSlots(b, o)));

const rank = (free: number): number => (free === 0 ? Number.POSITIVE_INFINITY : free);

function freeSlots({ worker }: Draining, o: Outlook): number {
  const said = answerOf(worker, o.observation, o.crew.heard);
  return Math.max(0, o.settings.concurrency - (said?.active ?? 0) - (said?.reserved ?? 0));
}
