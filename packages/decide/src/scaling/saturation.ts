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
  const allBusy = o.supply.busy > 0 && o.supply.idle < 0.05 * (o.supply.idle + o.supply.busy);
  if (saturatedSince !== undefined)
    return since(saturatedSince, o.at) < BELIEVED || (allBusy && slower(o)) ? memory : { added: undefined, saturatedSince: undefined };
  if (added === undefined) return memory;
  if (since(added.at, o.at) > LOOKED_AT) return { added: undefined, saturatedSince: undefined };
  const grown = o.crew.ready / Math.max(1, added.ready);
  if (grown < 1.4 || !allBusy) return memory;
  const noHelp = o.serviceSeconds / added.serviceSeconds > 1 + 0.6 * (grown - 1) && o.service.perSecond < added.throughput * (1 + 0.25 * (grown - 1));
  return noHelp ? { added, saturatedSince: o.at } : memory;
}

const slower = (o: Outlook): boolean => o.state.memory.added !== undefined && o.serviceSeconds > 1.3 * o.state.memory.added.serviceSeconds;

/** Whether more workers are held back. */
export const isSaturated = (help: Help): boolean => guard("saturation adds nobody", help.saturatedSince !== undefined);

/** What stands before workers are added, to compare with later; a comparison that is under way stays. */
export function beforeAdding(o: Outlook, help: Help): ScalingMemory["added"] {
  if (help.added !== undefined) return help.added;
  if (o.crew.ready === 0 || o.service.perSecond === 0 || o.service.seconds === undefined) return undefined;
  return { at: o.at, ready: o.crew.ready, serviceSeconds: o.serviceSeconds, throughput: o.service.perSecond };
}

const BELIEVED = minutes(5);
const LOOKED_AT = minutes(10);
