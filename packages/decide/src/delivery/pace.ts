import { after, before, type EpochMs, epochMs, minutes, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** The first few follow each other closely, for a storm to be seen growing; then a reader's pace. Together at most 15 in five minutes (`facts/incidents.md` 9, G1). */
const QUICK = 6;
const QUICK_GAP = seconds(5);
const CALM_GAP = seconds(30);
const WINDOW = minutes(5);
/** What cannot wait (a person acted, the state changed) still leaves a moment for what belongs to it. */
const URGENT_GAP = seconds(1);

/** When one more message, or update, of this kind fits an incident: now, or later. `past`: the moments of those before, in any order. */
export function paceAt(past: readonly EpochMs[], now: EpochMs, urgent: boolean): EpochMs {
  if (past.length === 0) return now;
  const last = epochMs(Math.max(...past));
  const lately = past.filter((at) => at > before(now, WINDOW)).length;
  const gap = urgent ? URGENT_GAP : lately < QUICK ? QUICK_GAP : CALM_GAP;
  return guard("storm is told at a reader's pace") ? epochMs(Math.max(now, after(last, gap))) : now;
}
