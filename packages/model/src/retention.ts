import type { BackupId, BackupSeries, BackupState } from "./backup.ts";
import type { EpochMs, Ms } from "./time.ts";

/** One backup as retention sees it. */
export interface RetentionCandidate {
  readonly id: BackupId;
  /** The moment its contents are of, by the server's own clock: what its age is counted by. */
  readonly at: EpochMs;
  /** When it was to be taken: what its day, week and month are counted by, so that a night that began late stays in its own. */
  readonly scheduled: EpochMs;
  readonly state: BackupState;
  readonly series: BackupSeries;
  readonly tags?: readonly string[];
  /** Nobody can delete it before (Object Lock). */
  readonly lockedUntil?: EpochMs;
  /** Nobody may delete it before (a restore uses it, or somebody asked). */
  readonly pinnedUntil?: EpochMs;
  /** Regions that hold a copy of it. */
  readonly copies?: readonly string[];
  /** A person looked at what made it suspect and lets pruning go on. It still does not count as verified. */
  readonly acknowledged?: boolean;
  /** Its proof in the store fits, and this is what the ledger says instead. It counts nowhere, and stays until a person looked. */
  readonly disputed?: string;
}

/** A calendar length as restic writes it (`1y5m7d2h`): years and months are as long as the calendar says. */
export interface CalendarLength {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly hours: number;
}

/** The stretches of time that restic tells apart. A week begins on Monday (ISO 8601); all are UTC. */
export type ResticPeriod = "hourly" | "daily" | "weekly" | "monthly" | "yearly";

/**
 * What `restic forget` keeps. Absent: the option was not given.
 * Source: "Removing backup snapshots", https://restic.readthedocs.io/en/stable/060_forget.html, read 2026-11-21.
 */
export interface ResticPolicy {
  readonly kind: "restic";
  /** The newest so many; -1: all. */
  readonly last?: number;
  /** The newest of each of so many hours, days, weeks, months, years that have one; -1: of all. */
  readonly periods: Readonly<Partial<Record<ResticPeriod, number>>>;
  /** Everything younger than this, counted from the newest that is not in the future. */
  readonly within?: CalendarLength;
  /** The newest of each period that is younger than this. */
  readonly withinPeriods: Readonly<Partial<Record<ResticPeriod, CalendarLength>>>;
  /** Everything that has all tags of one of these lists. An empty tag stands for having none. */
  readonly tags: readonly (readonly string[])[];
  /** Whether an option that is not used up also keeps the very oldest: restic does since 0.16; Debian 12's 0.14 does not. */
  readonly oldest: boolean;
  /** Ours: the newest so many verified ones stay, whatever the options say. restic has no such rule: 0. */
  readonly atLeast: number;
}

/** What the documents ask for: the first verified backup of each UTC day, Sunday-start week and UTC month, each class for its time. */
export interface DocumentsPolicy {
  readonly kind: "documents";
  /** Zero: the class is not kept. Ages are counted from the newest verified backup, never from now. */
  readonly daily: Ms;
  readonly weekly: Ms;
  readonly monthly: Ms;
  /** Safety copies; they belong to no other class, because what they were taken of may have been broken. */
  readonly safety: Ms;
  /** The newest so many verified ones always stay, however old; at least 1. */
  readonly atLeast: number;
}

/** A rule of what is kept. */
export type RetentionPolicy = ResticPolicy | DocumentsPolicy;

/** What else the plan depends on. */
export interface RetentionFacts {
  readonly now: EpochMs;
  /** What the store says the time is; absent: nobody asked, and nothing is compared. */
  readonly storeClock?: EpochMs;
  /** Deletions in one run; absent: as many as there are. */
  readonly atMost?: number;
}

/** A pointer folder of the store. */
export type RetentionFolder = "daily" | "weekly" | "monthly" | "safety";

/** Whether a backup stays, and why in our words: every reason for it to be kept, or the one for which it goes or may not go. */
export interface RetentionPlan {
  /** What the policy and the safety rules keep, newest first. */
  readonly kept: readonly { readonly id: BackupId; readonly reasons: readonly string[] }[];
  /** What may be deleted now, oldest first. */
  readonly removed: readonly { readonly id: BackupId; readonly because: string }[];
  /** What the policy does not keep and yet may not be deleted now: locked, pinned, in doubt, left for the next run. Oldest first. */
  readonly refused: readonly { readonly id: BackupId; readonly because: string }[];
  /** Why nothing at all is deleted; absent: the plan may be carried out. */
  readonly stopped?: string;
  /** What the folders point at. */
  readonly pointers: readonly { readonly folder: RetentionFolder; readonly id: BackupId; readonly at: EpochMs }[];
}

/** A committed backup as the store has it: what `ShelvedBackup` says without its objects. */
export interface ShelvedMoment {
  readonly id: BackupId;
  readonly of: string;
  readonly contentsOf: EpochMs;
  readonly scheduled: EpochMs;
  readonly verified: boolean;
  readonly suspect: boolean;
  readonly lockedUntil?: EpochMs;
}
