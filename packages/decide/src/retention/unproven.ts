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
  // A later day's, so that a second try in the same night does not take away what the first one left to look at.
  const superseded = proven !== undefined && proven.at > one.at && dayOf(proven.scheduled) > dayOf(one.scheduled);
  if (!guard("unproven backups wait for a proven one", !superseded)) return undefined;
  if (now - one.at <= AT_MOST) return one.state === "running" ? "being taken" : "not proven, and no later day's is";
  return one === newest ? "not proven, but nothing is newer" : undefined;
}

/** Why an unproven backup may go. */
export const whyUnprovenGoes = ({ state }: RetentionCandidate): string =>
  `${state === "failed" ? "its proof failed" : state === "suspect" ? "suspect" : "never proven"}, and a later day's is verified or seven days went by`;
