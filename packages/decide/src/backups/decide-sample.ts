import { type BackupRecord, type DrillSettings, type EpochMs, epochMs, minutes, type Ms, type RecoverySample, sayLength, since } from "@nightshift/model";
import type { DatabaseSettings } from "@nightshift/model";
import { deadManFigure } from "@nightshift/model";
import { lateAfterOf } from "./decide-night.ts";
import { judgeFreshness, type FreshFacts, type Staleness } from "./freshness.ts";
import { missedDrill } from "./missed-drill.ts";
import { rpoOf, rtoOf, type WayBack } from "./recovery.ts";

/** What one look at one thing knows. */
export interface SampleFacts {
  readonly of: string;
  readonly at: EpochMs;
  /** What may be lost at most; undefined: nobody promised anything. */
  readonly rpoTarget: Ms | undefined;
  /** Every way back that stands now. */
  readonly ways: readonly WayBack[];
  /** Dumps, oldest first; empty for what has none. */
  readonly dumps: readonly BackupRecord[];
  /** Of a database: how old its newest proof may be; absent: nobody waits for one. */
  readonly proof?: Pick<DatabaseSettings, "proveEvery" | "maxDuration">;
  /** How long the newest drill's instance took to be available. */
  readonly available: Ms | undefined;
  /** The hourly look at freshness, one a kind of backup; empty: it is not its hour. */
  readonly fresh: readonly FreshFacts[];
  /** The monthly drill, and every row of the database; read with the hourly look, absent where there is none. */
  readonly drills?: { readonly drill: DrillSettings; readonly rows: readonly BackupRecord[] };
  /** Samples of the last hour, oldest first; read with the hourly look. */
  readonly lastHour: readonly RecoverySample[];
  /** The incident that is open about it. */
  readonly trouble: { readonly id: string; readonly openedAt: EpochMs } | undefined;
  /** Why something could not be read. */
  readonly unread: readonly string[];
}

/** What was measured, and what is wrong. Nothing in production is ever changed by it. */
export interface SampleVerdict {
  readonly kind: "leave";
  readonly because: readonly string[];
  readonly sample: RecoverySample;
  /** What the dead-man alarm stands on; undefined: nothing is proven, or nobody waits for it. Silence rings. */
  readonly unproven: Ms | undefined;
  readonly wrong: readonly (Staleness | { readonly kind: "rpo"; readonly severity: "P3"; readonly says: string; readonly since: EpochMs })[];
  /** What was told before is over. */
  readonly over: boolean;
}

/** Measures what would be lost and how long a restore would take; every hour also whether the newest backup is there, whole and proven (B4, B9). */
export function decideSample(facts: SampleFacts): SampleVerdict {
  const { of, at, dumps, available, fresh, trouble } = facts;
  const rpo = rpoOf(facts.ways, at);
  const newest = dumps.findLast((row) => row.state === "verified" && row.contentsOf !== undefined)?.contentsOf;
  const sourceBytes = dumps.findLast((row) => row.sourceBytes !== undefined)?.sourceBytes;
  const rto = rtoOf({ rows: dumps, sourceBytes, available });
  const sample: RecoverySample = {
    at,
    of,
    ...(rpo === undefined ? {} : { rpo: rpo.lost }),
    ...(newest === undefined ? {} : { newestVerifiedAge: since(newest, at) }),
    ...(rto === undefined ? {} : { rto: rto.total }),
    ...(sourceBytes === undefined ? {} : { sourceBytes }),
  };
  const wrong = fresh.length === 0 ? [] : [...fresh.flatMap(judgeFreshness), ...drillOf(facts), ...missedRpo(facts)];
  return {
    kind: "leave",
    because:
      wrong.length === 0
        ? [rpo === undefined ? "there is no way back yet" : `${sayLength(rpo.lost)} would be lost, by ${rpo.by}`]
        : wrong.map(({ says }) => says),
    sample,
    unproven: unprovenOf(facts, newest),
    wrong,
    over: fresh.length > 0 && wrong.length === 0 && trouble !== undefined,
  };
}

function drillOf({ of, at, drills }: SampleFacts): readonly Staleness[] {
  const missed = drills === undefined ? undefined : missedDrill({ of, at, ...drills });
  return missed === undefined ? [] : [missed];
}

/** By the larger of two hours and twice the last night's length, unless the config says how long a night may take. */
const unprovenOf = ({ at, dumps, proof }: SampleFacts, newest: EpochMs | undefined): Ms | undefined =>
  newest === undefined || proof === undefined
    ? undefined
    : deadManFigure(since(newest, at), { proveEvery: proof.proveEvery, lateAfter: lateAfterOf(dumps, proof) });

/** So many samples make an hour that was missed; fewer say nothing. */
const LEAST = 6;

/** RDS's own five minutes are nominal, so that one sample above them is no news: a whole hour is. */
function missedRpo({ of, at, rpoTarget, lastHour, unread }: SampleFacts): SampleVerdict["wrong"] {
  if (rpoTarget === undefined || lastHour.length < LEAST) return [];
  if (lastHour.some(({ rpo }) => rpo !== undefined && rpo <= rpoTarget)) return [];
  const newest = lastHour.at(-1)?.rpo;
  const now = newest === undefined ? "there is no way back at all" : `${sayLength(newest)} would be lost now`;
  const why = unread.length === 0 ? "" : ` Could not be read: ${unread.join("; ")}.`;
  // The hour it was told in: the same trouble is told once while its incident stands.
  const hour = epochMs(at - (at % minutes(60)));
  return [
    {
      kind: "rpo",
      severity: "P3",
      since: hour,
      says: `${of} promised to lose at most ${sayLength(rpoTarget)}, and did not keep that for an hour: ${now}.${why}`,
    },
  ];
}
