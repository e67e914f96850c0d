import {
  type BackupId,
  type BackupRecord,
  type BackupSeries,
  type BackupState,
  type EpochMs,
  epochMs,
  type KeepSettings,
  type RetentionCandidate,
  type RetentionPlan,
  type ShelvedMoment,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { MANY_DISPUTED } from "./doubts.ts";
import { planRetention } from "./plan-retention.ts";

/** Deletions in one run unless more are asked for: a team that keeps to its nights deletes one a night. */
const AT_MOST = 10;

/** What the pruning function looked at. */
export interface PruningFacts {
  /** What lies in the store: only this can be deleted. Hand in what `BackupShelf.list` says. */
  readonly shelved: readonly ShelvedMoment[];
  readonly now: EpochMs;
  /** `BackupShelf.clock`. */
  readonly storeClock: EpochMs;
  /** Deletions in one run; absent: 10. */
  readonly atMost?: number;
}

/**
 * What may be deleted of one database's backups, what stays and why, and what the folders point at. Carried out by somebody else, in two phases:
 * record `removed`, then delete each. The same plan again after it was carried out removes nothing.
 */
export function planPruning(records: readonly BackupRecord[], facts: PruningFacts, settings: KeepSettings): RetentionPlan {
  const rows = new Map(records.map((record) => [record.id, record]));
  return planRetention(
    { kind: "documents", ...settings },
    facts.shelved.map((one) => candidateOf(one, rows.get(one.id))),
    { now: facts.now, storeClock: facts.storeClock, atMost: facts.atMost ?? AT_MOST },
  );
}

/** A backup of the store with what the ledger knows of it: two witnesses, and what only one of them calls proven is proven for nothing here. */
function candidateOf(one: ShelvedMoment, record: BackupRecord | undefined): RetentionCandidate {
  const lockedUntil = later(one.lockedUntil, record?.lockedUntil);
  const disputed = disputeOf(one, record);
  return {
    id: one.id,
    at: one.contentsOf,
    scheduled: one.scheduled,
    state: stateOf(one, record),
    // Its name was given before anything was taken; a row can be written at any time.
    series: seriesIn(one.id) ?? record?.series ?? "manual",
    ...(lockedUntil === undefined ? {} : { lockedUntil }),
    ...(record?.pinnedUntil === undefined ? {} : { pinnedUntil: record.pinnedUntil }),
    ...(record?.copies === undefined ? {} : { copies: record.copies.map(({ region }) => region) }),
    ...(record?.acknowledgedBy === undefined ? {} : { acknowledged: true }),
    ...(disputed === undefined ? {} : { disputed }),
  };
}

/** The store says that it is proven, by records that fit and with every object there. */
const isProvenThere = ({ verified, suspect }: ShelvedMoment): boolean => verified && !suspect;

function stateOf(one: ShelvedMoment, record: BackupRecord | undefined): BackupState {
  if (isProvenThere(one) && (record?.state === "verified" || !guard("neither witness is believed alone"))) return "verified";
  if (one.suspect || record?.state === "suspect" || (isProvenThere(one) && isContradicted(record))) return "suspect";
  // What is called pruned and still lies there without a proof that fits was deleted by half.
  if (record?.state === "failed" || record?.state === "pruned") return "failed";
  return record?.state === "running" ? "running" : "uploaded";
}

/** A row that says that there is no backup: together with a proof in the store that fits, one of them is wrong. */
const isContradicted = (record: BackupRecord | undefined): boolean => record?.state === "failed" || record?.state === "pruned";

/** What the ledger says of a backup that the store proves; undefined: the same, or the store does not. */
function disputeOf(one: ShelvedMoment, record: BackupRecord | undefined): string | undefined {
  if (!isProvenThere(one) || record?.state === "verified") return undefined;
  if (record === undefined) return "its proof in the store fits, and the ledger knows nothing of it";
  return `its proof in the store fits, and the ledger calls it ${record.state}`;
}

/** One that only the store proves, and what its row says from now on so that somebody looks. */
export interface Disputed {
  readonly id: BackupId;
  readonly series: BackupSeries;
  readonly scheduled: EpochMs;
  readonly contentsOf: EpochMs;
  readonly because: string;
}

/**
 * Backups whose rows are to call them suspect, so that somebody is told and can accept them: those that the ledger contradicts, and the others once they
 * are too many. One whose night may still be at work is left alone, and so is what is called suspect already.
 */
export function disputedOf(records: readonly BackupRecord[], shelved: readonly ShelvedMoment[]): readonly Disputed[] {
  const rows = new Map(records.map((record) => [record.id, record]));
  const open = shelved.filter((one) => {
    const record = rows.get(one.id);
    return disputeOf(one, record) !== undefined && record?.state !== "running" && record?.acknowledgedBy === undefined;
  });
  return open.flatMap((one): readonly Disputed[] => {
    const record = rows.get(one.id);
    const because = disputeOf(one, record);
    if (because === undefined || record?.state === "suspect" || (!isContradicted(record) && open.length < MANY_DISPUTED)) return [];
    const { id, scheduled, contentsOf } = one;
    return [
      {
        id,
        series: seriesIn(id) ?? record?.series ?? "manual",
        scheduled,
        contentsOf,
        because: [because, record?.because].filter((why) => why !== undefined).join("; "),
      },
    ];
  });
}

const later = (a: EpochMs | undefined, b: EpochMs | undefined): EpochMs | undefined =>
  a === undefined || b === undefined ? (a ?? b) : epochMs(Math.max(a, b));

/** The series that an id ends in; undefined: it says none, and then it is kept like a night's. */
const seriesIn = (id: string): BackupSeries | undefined =>
  (["nightly", "safety", "before-deploy", "manual"] as const).find((series) => id.endsWith(`-${series}`));
