import { guard } from "@nightshift/model/guards";
import { type EpochMs, hours, type ScaleOrder, type ScalingState, since, type WorkerSettings } from "@nightshift/model";

/** How few and how many workers may be asked for. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** The settings' bounds; a person's order replaces the upper one while it lasts. */
export function boundsOf(settings: WorkerSettings, order: ScaleOrder | undefined, at: EpochMs): Bounds {
  const upper = order !== undefined && at < order.until && order.max !== undefined ? order.max : settings.max;
  return { lower: Math.min(settings.min, upper), upper };
}

/** The count nearest to the wanted one that bounds and step allow from the present one. */
export function allowedCount(wanted: number, present: number, { bounds, settings }: { readonly bounds: Bounds; readonly settings: WorkerSettings }): number {
  const bounded = guard("desired count stays in its bounds", wanted > bounds.upper)
    ? bounds.upper
    : guard("desired count stays in its bounds", wanted < bounds.lower)
      ? bounds.lower
      : wanted;
  const step = bounded - present;
  return guard("step is bounded", Math.abs(step) > settings.maxStep) ? present + Math.sign(step) * settings.maxStep : bounded;
}

/** Changes of the last hour, as far as they are remembered. */
export function changesInHour(state: ScalingState, at: EpochMs): number {
  let count = 0;
  for (const change of state.changes) if (since(change.at, at) < hours(1)) count += 1;
  return count;
}

/** Whether another change would pass the hour's limit. A scale-in leaves a quarter of it to scale-outs. */
export function changesAreUsedUp(state: ScalingState, settings: WorkerSettings, { at, way }: { readonly at: EpochMs; readonly way: "out" | "in" }): boolean {
  const limit = way === "out" ? settings.maxChangesPerHour : Math.max(1, Math.floor(0.75 * settings.maxChangesPerHour));
  return guard("changes an hour are bounded", changesInHour(state, at) >= limit);
}
