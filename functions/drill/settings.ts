import type { DrillFacts, LeaveDrill, RunDrill } from "@nightshift/decide/backups/decide-drill";
import type { BackupDue, Budgets, DatabaseSettings, DrillSettings, Ms } from "@nightshift/model";
import type { RunEnd, World } from "@nightshift/ports";
import type { MutationOutcome, Run, Story } from "@nightshift/runtime";
import type { OpenTrouble } from "@nightshift/runtime/backup-incidents";
import type { manifest } from "./manifest.ts";

/** The part of the world a drill sees. */
export type DrillWorld = Pick<World, (typeof manifest)["uses"][number]>;
/** What its phases may do to it. */
export type DrillRun = Run<DrillWorld>;

/** What one drill is run by. */
export interface DrillConfig {
  readonly database: DatabaseSettings;
  readonly instance: string;
  readonly drill: DrillSettings;
  readonly budgets: Budgets;
}

/** All that was known when it was decided. */
export interface DrillSeen extends DrillFacts {
  readonly due: BackupDue;
  readonly config: DrillConfig;
  readonly trouble: OpenTrouble | undefined;
}

/** What asking for the instance came to. */
export interface DrillReceipt {
  readonly verdict: RunDrill;
  readonly restored: MutationOutcome<"restoring" | "already">;
}

/** How it ended. `proven`: restored and compared without a difference. */
export interface DrillOutcome {
  readonly kind: "proven" | "red";
  readonly because: readonly string[];
  /** From the request until it said `available`. */
  readonly available: Ms | undefined;
  readonly end: RunEnd | undefined;
  /** Whether the temporary instance is being deleted, or gone. */
  readonly deleted: boolean;
}

/** Everything a drill can tell. */
export type DrillStory = Story<BackupDue, DrillSeen, RunDrill, LeaveDrill, DrillReceipt, DrillOutcome>;
