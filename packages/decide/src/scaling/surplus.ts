import { guard } from "@nightshift/model/guards";
import { since } from "@nightshift/model";
import { changesAreUsedUp } from "./bounds.ts";
import { suffices, workersNeeded, workIsRare } from "./scale-in.ts";
import { floorOf, orderedWorkers } from "./step-out.ts";
import { tuning } from "./tuning.ts";
import { readUtilisation } from "./utilisation.ts";
import type { Context, Draft } from "./verdict.ts";

/** How many workers can be spared now, and why, or why none. */
export interface Surplus {
  readonly workers: number;
  readonly because: string;
  readonly more: NonNullable<Draft["more"]>;
}

/** Finds workers that are not needed, and have not been for a while: out is fast, in is slow. */
export function findSurplus(context: Context): Surplus {
  const { o, bounds } = context;
  const present = o.crew.ready;
  // The last worker goes as soon as it may; its task is looked up before.
  const lastMayGo = o.settings.min === 0 && o.settings.idleBeforeZero === 0 && present === 1 && o.crew.missing === 0 && workIsRare(o);
  const none = (because: string): Surplus => ({ workers: 0, because, more: { wantsTasks: lastMayGo ? 1 : undefined } });
  const ordered = orderedWorkers(context);
  if (ordered !== undefined)
    return { workers: Math.max(0, present - ordered), because: `${o.observation.order?.by ?? "somebody"} ordered ${ordered} workers`, more: {} };
  const { keep, because } = workersKept(context);
  if (keep >= present) return none(because);
  if (present > bounds.upper) return { workers: present - Math.max(keep, 0), because: `at most ${bounds.upper} workers are set`, more: {} };
  const before = o.state.memory.more;
  const from = before["surplusSince"] ?? o.at;
  const kept = Math.max(keep, before["surplusKeep"] ?? 0);
  const lasts = (o.at - from) / 1_000;
  const more = { surplusSince: from, surplusKeep: kept };
  const cooling = coolDown(context);
  const wait = Math.max(cooling, keep === 0 ? 0 : surplusSeconds(context) - lasts);
  if (wait > 0)
    return {
      workers: 0,
      because: `${present - kept} of ${present} workers can be spared; in ${Math.ceil(wait)} s if it stays so`,
      more: { ...more, wantsTasks: wait <= o.lookSeconds ? 1 : undefined },
    };
  if (changesAreUsedUp(o.state, o.settings, { at: o.at, way: "in" })) return { workers: 0, because: "this hour's changes are used up", more };
  const spared = present - (keep === 0 ? 0 : kept);
  return { workers: Math.max(0, spared), because, more };
}

/** How many must stay, and what says so. */
function workersKept(context: Context): { readonly keep: number; readonly because: string } {
  const { o, bounds } = context;
  const floor = floorOf(context);
  const utilisation = readUtilisation(o);
  if (utilisation.high) return { keep: o.crew.ready, because: utilisation.because ?? "" };
  const needed = workersNeeded(o, bounds.lower);
  const byRule = utilisation.in > 0 ? o.crew.ready - utilisation.in : o.crew.ready;
  const lower = byRule < needed && byRule > 0 && suffices(o, byRule) ? byRule : needed;
  const keep = Math.min(bounds.upper, Math.max(floor.workers, lower));
  if (keep < o.crew.ready) return { keep, because: keep === 0 ? "nothing waits, runs or comes due" : `${keep} of ${o.crew.ready} workers keep the promise` };
  return { keep, because: floor.workers >= lower && floor.workers > 0 ? floor.because : `all ${o.crew.ready} workers are needed` };
}

/** Seconds until a scale-in may follow the last change. */
function coolDown({ o }: Context): number {
  const { lastIn, lastOut } = o.state.memory;
  let left = 0;
  for (const then of [lastIn, lastOut]) if (then !== undefined) left = Math.max(left, o.settings.inCoolDown - since(then, o.at));
  return guard("cool-down before a scale-in", left > 0) ? left / 1_000 : 0;
}

/** How long a surplus must last: longer for a while after a burst that could not be taken in time. */
const surplusSeconds = ({ o }: Context): number => (o.state.memory.more["burstAt"] === undefined ? tuning.surplusSeconds : tuning.burstSurplusSeconds);
