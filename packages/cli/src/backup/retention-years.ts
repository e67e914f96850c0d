import { planRetention } from "@nightshift/decide/retention/plan-retention";
import { after, backupId, days, type EpochMs, epochMs, minutes, type RetentionCandidate, type RetentionFolder, type RetentionPolicy } from "@nightshift/model";

/** Which nights go wrong. */
export interface Nights {
  readonly from: EpochMs;
  readonly years: number;
  /** Share of nights, 0 to 1, that end without a proof. */
  readonly failing: number;
  /** Share of nights, 0 to 1, on which an outage of one to four nights begins. */
  readonly outages: number;
  readonly seed: number;
}

/** One backup that is kept, and in which folders it stands. */
export interface KeptNight {
  readonly at: EpochMs;
  readonly verified: boolean;
  readonly folders: readonly RetentionFolder[];
}

/** What is in the store after one night's plan was carried out. */
export interface Night {
  readonly at: EpochMs;
  readonly failed: boolean;
  /** Newest first. */
  readonly kept: readonly KeptNight[];
}

/** Plays nights at 02:00 UTC and prunes after each. The same seed fails the same nights. */
export function playYears(policy: RetentionPolicy, { from, years, failing, outages, seed }: Nights): readonly Night[] {
  const chance = chances(seed);
  const until = epochMs(Date.UTC(new Date(from).getUTCFullYear() + years, 0, 1));
  const nights: Night[] = [];
  let stored: readonly RetentionCandidate[] = [];
  let outage = 0;
  for (let at = after(from, minutes(120)); at < until; at = after(at, days(1))) {
    if (outage > 0) outage -= 1;
    else if (chance() < outages) outage = 1 + Math.floor(chance() * 4);
    const failed = outage > 0 || chance() < failing;
    // A night that fails leaves a dump that nothing was proven of.
    stored = [
      ...stored,
      { id: backupId(new Date(at).toISOString().slice(0, 10)), at, scheduled: at, state: failed ? "uploaded" : "verified", series: "nightly" },
    ];
    const { removed, pointers } = planRetention(policy, stored, { now: after(at, minutes(60)) });
    const gone = new Set(removed.map(({ id }) => id));
    stored = stored.filter(({ id }) => !gone.has(id));
    nights.push({ at, failed, kept: stored.map((one) => keptOf(one, pointers)).reverse() });
  }
  return nights;
}

const keptOf = ({ id, at, state }: RetentionCandidate, pointers: ReturnType<typeof planRetention>["pointers"]): KeptNight => ({
  at,
  verified: state === "verified",
  folders: pointers.filter((one) => one.id === id).map(({ folder }) => folder),
});

/** Chances that follow from the seed (a linear congruence: this draws nights, not secrets). */
function chances(seed: number): () => number {
  let state = (seed * 48_271 + 11) % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
