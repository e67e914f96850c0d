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
  // What was so before stays known for a while, so that the next try is a small one.
  if (saturatedSince !== undefined) return since(saturatedSince, o.at) < BELIEVED ? memory : { added: recent(o, added), saturatedSince: undefined };
  if (added === undefined) return memory;
  if (recent(o, added) === undefined) return { added: undefined, saturatedSince: undefined };
  const grown = o.crew.ready / Math.max(1, added.ready);
  // Judged by a minute in which all that were added worked.
  if (grown < 1.4 || !busy || o.service.changing || !allThereFor(o, 60) || !triedOfLate(o)) return memory;
  const longer = o.serviceSeconds / added.serviceSeconds;
  // They helped: what stood before them is compared with no longer.
  if (longer <= 1 + LONGER * (grown - 1)) return { added: undefined, saturatedSince: undefined };
  // Two standard deviations in favour of help on both sides: counts of a minute scatter.
  const most = (o.service.perSecond + 2 * Math.sqrt(o.service.perSecond / COUNTED)) / (1 + 0.25 * (grown - 1));
  const noHelp = longer > 1 + 0.6 * (grown - 1) && most < added.throughput - 2 * Math.sqrt(added.throughput / COUNTED);
  return noHelp ? { added, saturatedSince: o.at } : memory;
}

/** What stood before the addition, unless that was too long ago to compare with. */
const recent = (o: Outlook, added: Help["added"]): Help["added"] => (added !== undefined && since(added.at, o.at) <= LOOKED_AT ? added : undefined);

/** Whether workers were added since the last verdict about them: what was found out without a new try is not found out again. */
const triedOfLate = ({ at, state, starts }: Outlook): boolean =>
  state.memory.lastOut !== undefined && since(state.memory.lastOut, at) < BELIEVED + 1_000 * starts.expectSeconds;

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

/**
 * The most workers there may be for now: half as many again as worked for a minute, while tasks take longer since workers were added.
 * So each addition is judged before the next, and whoever waits for a bottleneck meets it with few. Where tasks take as long as before
 * it is the work that grew, and nothing is limited.
 */
export function mostUntilJudged(o: Outlook, { added }: Help): number {
  if (added === undefined || o.crew.ready <= added.ready || added.throughput * COUNTED < TELLING) return Number.POSITIVE_INFINITY;
  const longer = o.serviceSeconds / added.serviceSeconds;
  const slower = longer > 1 + LONGER * (o.crew.ready / Math.max(1, added.ready) - 1);
  return guard("saturation adds nobody", slower) ? Math.ceil(1.5 * fewestOf(o, 60)) : Number.POSITIVE_INFINITY;
}

/** The fewest that were ready within the last so many seconds. */
function fewestOf(o: Outlook, seconds: number): number {
  let fewest = o.crew.ready;
  for (let back = o.samples.length - 1; back >= 0; back -= 1) {
    const one = o.samples[back];
    if (one === undefined) break;
    fewest = Math.min(fewest, one.ready);
    if (o.at - one.at >= seconds * 1_000) break;
  }
  return Math.max(1, fewest);
}

/** What stands before workers are added, to compare with later; a comparison that is under way stays. */
export function beforeAdding(o: Outlook, help: Help): ScalingMemory["added"] {
  if (help.added !== undefined) return help.added;
  if (o.service.perSecond === 0 || o.service.seconds === undefined || o.service.changing || !allBusy(o) || !allThereFor(o, 45)) return undefined;
  return { at: o.at, ready: o.crew.ready, serviceSeconds: o.serviceSeconds, throughput: o.service.perSecond };
}

/** The share of their growth by which tasks may take longer before additions wait for their proof. */
const LONGER = 0.3;
/** Ends a minute below which three times the workers could not be told from no help: then nothing waits for a proof. */
const TELLING = 100;
/** Seconds over which ends are counted. */
const COUNTED = 60;
const BELIEVED = minutes(5);
const LOOKED_AT = minutes(20);
