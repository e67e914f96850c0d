import type { BackupDue, DatabaseSettings } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { LeaveNight, NightFacts, TakeNight } from "@nightshift/decide/backups/decide-night";
import type { NightEnd } from "@nightshift/decide/backups/judge-run";
import type { MutationOutcome, Run, Story } from "@nightshift/runtime";
import type { OpenTrouble } from "@nightshift/runtime/backup-incidents";
import type { manifest } from "./manifest.ts";

/** The part of the world a night sees. */
export type NightWorld = Pick<World, (typeof manifest)["uses"][number]>;
/** What its phases may do to it. */
export type NightRun = Run<NightWorld>;

/** What one night is run by. */
export interface NightSettings {
  readonly database: DatabaseSettings;
  /** Where its line is posted; undefined: no Slack. */
  readonly channel: string | undefined;
}

/** All that was known when it began. */
export interface NightSeen extends NightFacts {
  readonly due: BackupDue;
  readonly trouble: OpenTrouble | undefined;
  readonly channel: string | undefined;
}

/** What starting it came to. */
export interface NightReceipt {
  readonly verdict: TakeNight;
  readonly started: MutationOutcome<string>;
}

/** How it ended. */
export interface NightOutcome {
  readonly kind: NightEnd["kind"];
  readonly night: NightEnd;
  /** Its progress stood in the channel, where its end takes its place. */
  readonly shown: boolean;
}

/** Everything a night can tell. */
export type NightStory = Story<BackupDue, NightSeen, TakeNight, LeaveNight, NightReceipt, NightOutcome>;
