import { guard } from "@nightshift/model/guards";
import { minutes, type ScalingMemory, since } from "@nightshift/model";
import type { Outlook } from "./outlook.ts";

/** What is remembered of the last time workers were added, and whether they were found to be no help. */
export type Help = Pick<ScalingMemory, "added" | "saturatedSince">;

/**
 * Whether workers that were added helped. With 1.4 times the workers, all busy, a task that takes longer by more than half of that
 * and hardly more tasks ending: something that all of them wait for is the bottleneck (facts/scaling.md 5). It is believed for five minutes,
 * then workers may be tried again.
 */
export function judgeHelp(o: Outlook): Help {
  const { memory } = o.state;
  const { added, saturatedSince } = memory;
  const busy = allBusy(o);
  if (saturatedSince !== undefined) return since(saturatedSince, o.at) < BELIEVED ? memory : { added: undefined, saturatedSince: undefined };
  if (added === undefined) return memory;
  if (since(added.at, o.at) > LOOKED_AT) return { added: undefined, saturatedSince: undefined };
  const grown = o.crew.ready / Math.max(1, added.ready);
  // Judged by a minute in which all that were added worked.
  if (grown < 1.4 || !busy || o.service.changing || !allThereFor(o, 60)) return memory;
  // Two standard deviations in favour of help on both sides: counts of a minute scatter.
  const most = (o.service.perSecond + 2 * Math.sqrt(o.service.perSecond / COUNTED)) / (1 + 0.25 * (grown - 1));
  const noHelp = o.serviceSeconds / added.serviceSeconds > 1 + 0.6 * (grown - 1) && most < added.throughput - 2 * Math.sqrt(added.throughput / COUNTED);
  return noHelp ? { added, saturatedSince: o.at } : memory;
}

const allBusy = (o: Outlook): boolean => o.supply.busy > 0 && o.supply.idle < 0.05 * (o.supply.idle + o.supply.busy);

function allThereFor(o: Outlook, seconds: number): boolean {
  for (let back = o.samples.length - 1; back >= 0; back -= 1) {
    const one = o.samples[back];
    if (one === undefined || one.ready < o.crew.ready) return false;
    if (o.at - one.at >= seconds * 1_000) return true;
  }
  return false;
}

/** Whether more workers are held back. */
export const isSaturated = (help: Help): boolean => guard("saturation adds nobody", help.saturatedSince !== undefined);

/** What stands before workers are added, to compare with later; a comparison that is under way stays. */
export function beforeAdding(o: Outlook, help: Help): ScalingMemory["added"] {
  if (help.added !== undefined) return help.added;
  if (o.service.perSecond === 0 || o.service.seconds === undefined || o.service.changing || !allBusy(o) || !allThereFor(o, 45)) return undefined;
  return { at: o.at, ready: o.crew.ready, serviceSeconds: o.serviceSeconds, throughput: o.service.perSecond };
}

/** Seconds over which ends are counted. */
const COUNTED = 60;
const BELIEVED = minutes(5);
const LOOKED_AT = minutes(10);
