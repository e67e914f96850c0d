import type { DoRestore, LeaveRestore, RestoreFacts } from "@nightshift/decide/backups/decide-restore";
import type { BackupId, BackupTimes, EpochMs } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { MutationOutcome, Run, Story } from "@nightshift/runtime";
import type { manifest } from "./manifest.ts";

/** The part of the world a restore sees. */
export type RestoreWorld = Pick<World, (typeof manifest)["uses"][number]>;
/** What its phases may do to it. */
export type RestoreRun = Run<RestoreWorld>;

/** Which approved plan is carried out. */
export interface RestoreAsked {
  readonly plan: string;
}

/** Our mark on what is restored from. */
export interface RestorePin {
  readonly id: BackupId;
  readonly until: EpochMs;
  /** The mark that stood there before. */
  readonly before?: EpochMs;
}

/** What asking for it came to. */
export interface RestoreReceipt {
  readonly verdict: DoRestore;
  /** Absent: it reads from nothing that retention deletes. */
  readonly pin?: RestorePin;
  /** The safety backup of what runs; undefined where the runner takes it itself, before it does anything else. */
  readonly safety: MutationOutcome<string> | undefined;
  /** A task, or an instance's name. */
  readonly begun: MutationOutcome<string>;
}

/** How it ended. */
export interface RestoreOutcome {
  readonly kind: "restored" | "failed";
  readonly because: readonly string[];
  /** Where it is now. */
  readonly into: string | undefined;
  /** How to switch over, one a line. */
  readonly steps: readonly string[];
  readonly times: BackupTimes;
  /** How much of it could be proven, and what could not. */
  readonly found: readonly string[];
  /** Compared without a difference. */
  readonly compared: boolean;
  /** When that was known: hours after it was decided. */
  readonly at: EpochMs;
}

/** Everything a restore can tell. */
export type RestoreStory = Story<RestoreAsked, RestoreFacts, DoRestore, LeaveRestore, RestoreReceipt, RestoreOutcome>;

/** Which database a plan is of, from its name (`R-shop-eu-7f3a`). */
export const databaseIn = (plan: string): string => /^R-(.+)-[^-]+$/.exec(plan)?.[1] ?? plan;
