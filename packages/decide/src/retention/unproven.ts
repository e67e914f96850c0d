import { days, type EpochMs, type RetentionCandidate } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { dayOf } from "./calendar.ts";

/** An unproven backup stays at most so long, unless nothing is newer. Source: `facts/backups.md` section 4. */
const AT_MOST = days(7);

/** Why a backup that is not verified stays; undefined: it may go. `proven`: the newest verified one; `newest`: the newest of all. */
export function whyUnprovenStays(
  one: RetentionCandidate,
  { proven, newest, now }: { readonly proven: RetentionCandidate | undefined; readonly newest: RetentionCandidate | undefined; readonly now: EpochMs },
): string | undefined {
  if (one.state === "suspect" && one.acknowledged !== true) return "suspect: waits for a person's word";
  const superseded = isSuperseded(one, proven);
  if (!guard("unproven backups wait for a proven one", !superseded)) return undefined;
  if (now - one.at <= AT_MOST) return one.state === "running" ? "being taken" : "not proven, and no later day's is";
  return one === newest ? "not proven, but nothing is newer" : undefined;
}

/** Why a backup stays whose proof fits and whom only the ledger calls otherwise, though somebody accepted that; undefined: it may go. `proven`: so many are. */
export const whyReserve = ({ disputed }: RetentionCandidate, proven: number, atLeast: number): string | undefined =>
  guard("a disputed backup goes beside enough proven ones", disputed !== undefined && proven < atLeast)
    ? `its proof in the store fits, and only ${proven} are surely proven`
    : undefined;

/** Why an unproven backup may go. */
export function whyUnprovenGoes(one: RetentionCandidate, proven: RetentionCandidate | undefined): string {
  const { state } = one;
  const what = state === "failed" ? "its proof failed" : state === "suspect" ? "suspect" : "never proven";
  return isSuperseded(one, proven) ? `${what}, and ${proven?.id} of a later day is verified` : `${what}, and more than seven days went by`;
}

// A later day's, so that a second try in the same night does not take away what the first one left to look at.
const isSuperseded = (one: RetentionCandidate, proven: RetentionCandidate | undefined): boolean =>
  proven !== undefined && proven.at > one.at && dayOf(proven.scheduled) > dayOf(one.scheduled);
