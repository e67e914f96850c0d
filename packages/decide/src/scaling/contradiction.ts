import type { ScalingMemory, ScalingSample, WorkerSettings } from "@nightshift/model";
import type { Demand } from "./demand.ts";

/** What a look is held against. */
export interface Held {
  readonly demand: Demand;
  /** Tasks that the workers themselves say they execute; undefined: nobody listened. */
  readonly heardBusy: number | undefined;
  readonly last: ScalingSample | undefined;
  readonly memory: ScalingMemory;
  readonly settings: WorkerSettings;
  readonly at: number;
}

/** Why this look cannot be true beside the last one that was, in words; undefined: nothing speaks against it. */
export function contradiction({ demand, heardBusy, last, memory, settings, at }: Held): string | undefined {
  if (settings.acksLate && demand.running === 0 && heardBusy !== undefined && heardBusy >= 3 && demand.reserved === 0)
    return `the broker says that nothing runs, the workers say that they execute ${heardBusy} tasks`;
  if (last === undefined) return undefined;
  const seconds = (at - last.at) / 1_000;
  if (seconds > BELIEVED_AFTER) return undefined;
  const counted = countersDisagree(demand, last, memory);
  if (counted !== undefined) return counted;
  if (demand.waiting + demand.reserved + (heardBusy ?? demand.running ?? 0) > 0) return undefined;
  return vanished(demand, last, { memory, settings, seconds });
}

function countersDisagree(demand: Demand, last: ScalingSample, memory: ScalingMemory): string | undefined {
  if (demand.epoch !== memory.epoch || memory.epoch === "") return undefined;
  if (last.arrived !== undefined && demand.arrived !== undefined && demand.arrived < last.arrived)
    return `the count of arrived tasks fell from ${last.arrived} to ${demand.arrived}`;
  if (last.finished !== undefined && demand.finished !== undefined && demand.finished < last.finished)
    return `the count of finished tasks fell from ${last.finished} to ${demand.finished}`;
  return undefined;
}

/** Everything is empty all at once: true only if the counters or the workers' speed account for what was there. */
function vanished(
  demand: Demand,
  last: ScalingSample,
  { memory, settings, seconds }: { readonly memory: ScalingMemory; readonly settings: WorkerSettings; readonly seconds: number },
): string | undefined {
  const held = last.waiting + last.reserved + (settings.acksLate ? last.busy : 0);
  const there = last.waiting + last.reserved + last.busy;
  if (there < 3) return undefined;
  const says = `${Math.round(there)} tasks were there ${Math.round(seconds)} s ago and none is now`;
  const counts = demand.epoch === memory.epoch && memory.epoch !== "";
  if (counts && demand.arrived !== undefined && last.arrived !== undefined && demand.finished !== undefined && last.finished !== undefined) {
    const left = held + (demand.arrived - last.arrived) - (demand.finished - last.finished);
    return left > Math.max(5, 0.1 * held) ? `${says}, but only ${demand.finished - last.finished} were finished` : undefined;
  }
  const service = memory.serviceSeconds ?? 1;
  const slots = Math.max(1, last.ready) * settings.concurrency;
  const possible = 1.5 * slots * (seconds / service) + slots;
  return there > possible ? `${says}, which ${Math.round(last.ready)} workers cannot have done` : undefined;
}

/** What is said for so long is taken for true, whatever speaks against it: counters of a shared broker may never add up. Seconds. */
const BELIEVED_AFTER = 600;
