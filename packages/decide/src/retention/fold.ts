import {
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

/** A backup of the store with what the ledger knows of it; where they disagree, the one that proves less is believed. */
function candidateOf(one: ShelvedMoment, record: BackupRecord | undefined): RetentionCandidate {
  const lockedUntil = later(one.lockedUntil, record?.lockedUntil);
  return {
    id: one.id,
    at: one.contentsOf,
    scheduled: one.scheduled,
    state: stateOf(one, record),
    series: record?.series ?? seriesIn(one.id),
    ...(lockedUntil === undefined ? {} : { lockedUntil }),
    ...(record?.pinnedUntil === undefined ? {} : { pinnedUntil: record.pinnedUntil }),
    ...(record?.copies === undefined ? {} : { copies: record.copies.map(({ region }) => region) }),
    ...(record?.acknowledgedBy === undefined ? {} : { acknowledged: true }),
  };
}

function stateOf({ verified, suspect }: ShelvedMoment, record: BackupRecord | undefined): BackupState {
  // What is called pruned and still lies there was deleted by half: its proof may stand while its contents are gone.
  if (record?.state === "failed" || record?.state === "pruned") return "failed";
  if (suspect || record?.state === "suspect") return "suspect";
  if (verified) return "verified";
  return record?.state === "running" ? "running" : "uploaded";
}

const later = (a: EpochMs | undefined, b: EpochMs | undefined): EpochMs | undefined =>
  a === undefined || b === undefined ? (a ?? b) : epochMs(Math.max(a, b));

/** The series that an id ends in; a name that says none is taken for asked-for, which is kept like a night's. */
const seriesIn = (id: string): BackupSeries => (["nightly", "safety", "before-deploy"] as const).find((series) => id.endsWith(`-${series}`)) ?? "manual";
