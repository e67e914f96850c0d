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
  const now = demand.waiting + demand.reserved + (heardBusy ?? demand.running ?? 0);
  const missing = notAccountedFor({ demand, last, memory, settings, busy: heardBusy ?? demand.running ?? 0 });
  if (missing !== undefined) {
    const odd = now === 0 ? missing > 5 && missing > 0.1 * total(last) : demand.waiting === 0 && missing > 10 && missing > 0.5 * last.waiting;
    return odd ? `${Math.round(missing)} tasks of those that were there ${Math.round(seconds)} s ago are gone and were not finished` : undefined;
  }
  return now > 0 ? undefined : vanished(last, { memory, settings, seconds });
}

const total = ({ waiting, reserved, busy }: ScalingSample): number => waiting + reserved + busy;

function countersDisagree(demand: Demand, last: ScalingSample, memory: ScalingMemory): string | undefined {
  if (demand.epoch !== memory.epoch || memory.epoch === "") return undefined;
  if (last.arrived !== undefined && demand.arrived !== undefined && demand.arrived < last.arrived)
    return `the count of arrived tasks fell from ${last.arrived} to ${demand.arrived}`;
  if (last.finished !== undefined && demand.finished !== undefined && demand.finished < last.finished)
    return `the count of finished tasks fell from ${last.finished} to ${demand.finished}`;
  return undefined;
}

/** Tasks that came or were there and are neither there now nor finished, by the counters; undefined: they do not tell. */
function notAccountedFor(from: Pick<Held, "demand" | "memory" | "settings"> & { readonly last: ScalingSample; readonly busy: number }): number | undefined {
  const { demand, last, memory, settings, busy } = from;
  const laterBefore = memory.more["later"];
  if (demand.epoch !== memory.epoch || memory.epoch === "" || laterBefore === undefined || demand.later === undefined) return undefined;
  if (demand.arrived === undefined || last.arrived === undefined || demand.finished === undefined || last.finished === undefined) return undefined;
  const before = last.waiting + last.reserved + laterBefore + (settings.acksLate ? last.busy : 0);
  const now = demand.waiting + demand.reserved + demand.later + (settings.acksLate ? busy : 0);
  return before + (demand.arrived - last.arrived) - (demand.finished - last.finished) - now;
}

/** Everything is empty all at once and no counter tells why: true only if the workers can have been so fast. */
function vanished(
  last: ScalingSample,
  { memory, settings, seconds }: { readonly memory: ScalingMemory; readonly settings: WorkerSettings; readonly seconds: number },
): string | undefined {
  const there = total(last);
  if (there < 3) return undefined;
  const slots = Math.max(1, last.ready) * settings.concurrency;
  const possible = 1.5 * slots * (seconds / (memory.serviceSeconds ?? 1)) + slots;
  return there > possible
    ? `${Math.round(there)} tasks were there ${Math.round(seconds)} s ago and none is now, which ${Math.round(last.ready)} workers cannot have done`
    : undefined;
}

/** What is said for so long is taken for true, whatever speaks against it: counters of a shared broker may never add up. Seconds. */
const BELIEVED_AFTER = 600;
