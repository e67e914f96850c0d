import type { GuardSettings, GuardVerdict, Prepared, Wait, WatchMemory } from "@nightshift/model";
import { minutes, sayLength, since } from "@nightshift/model";

/** The verdict a watch ends with: its looks may be spent while the decision still says wait, and then nothing can be said. */
export function endOfWatch(
  verdict: GuardVerdict | Wait,
  { prepared, memory, settings }: { prepared: Prepared; memory: WatchMemory; settings: GuardSettings },
): GuardVerdict {
  if (verdict.kind !== "wait") return verdict;
  const watched = since(memory.startedAt, memory.latest?.at ?? memory.startedAt);
  const promised = Math.max(0, ...settings.services.map((service) => service.windows.long));
  const says =
    watched + minutes(1) < promised ? `the watch over ${prepared.group} ended early, after ${sayLength(watched)}` : `all ${memory.looks} looks are spent`;
  return {
    kind: "leave",
    reason: "nothing-to-judge",
    because: [says, ...verdict.because],
    breaches: [],
    blame: undefined,
    severity: verdict.suspicious ? "P3" : "P4",
    otherwise: undefined,
  };
}
