import type { NightshiftConfig } from "@nightshift/config";
import type { Grade, LeaveReason, Ms } from "@nightshift/model";
import type { AccountSettings } from "../account.ts";
import type { WorldOptions } from "../world/world.ts";
import type { ExpectedBackups } from "./backups.ts";
import type { ExpectedScaling } from "./scaling.ts";
import type { Stage } from "./stage.ts";

/** What a scenario must end in: the kind of verdict, a leave by its reason; `none` where nothing was deployed and so nothing judged. */
export type ExpectedVerdict = "roll-back" | "ask" | "none" | LeaveReason;

/** One evening in the simulated account: a short typed file each. */
export interface Scenario {
  /** Its name on the command line, as its file: `healthy-but-5xx`. */
  readonly name: string;
  /** One sentence a person recognises. */
  readonly title: string;
  /** Where it comes from: a hazard, a requirement, an incident somebody had. */
  readonly source: string;
  /** Builds what was there before, and says how the team configured Nightshift for it. */
  readonly before: (stage: Stage) => NightshiftConfig;
  /** What happens; times count from the start of the story. */
  readonly plot: (stage: Stage) => void;
  /** How long the story is played. */
  readonly lasts: Ms;
  readonly expected: Expected;
  /** What is rough about this account: lost or late events, throttling, stale reads. */
  readonly account?: Partial<Pick<AccountSettings, "delivery" | "rates" | "faults" | "staleBy" | "slack">>;
  readonly world?: WorldOptions;
}

/** How a scenario must end; the checkers hold the account's own history against it. */
export interface Expected {
  readonly verdict: ExpectedVerdict;
  /** Whether the deployment is really to blame; where it is not, an automatic rollback is a fault of the guard. */
  readonly toBlame: boolean;
  /** What each service must serve at the end: what served before, what was deployed last or (`proven`) first, or the n-th past release (0 is the oldest). Services left out may serve anything. */
  readonly serves: Readonly<Record<string, "before" | "deployed" | "proven" | number>>;
  /** How many rollback calls ECS accepts in all; default: at most one for each service. */
  readonly rollbacks?: number;
  /** What every watch ended with, in the order of their verdicts, where more than one is expected. */
  readonly recorded?: readonly string[];
  /** Whose verdict the row shows where there are several watches: `first` to end, `last` (the default), or `any` that ended as expected. */
  readonly watch?: "first" | "last" | "any";
  /** The grade that the ledger gives to what each service deployed last. */
  readonly grades?: Readonly<Record<string, Grade>>;
  /** Words that a page by SNS must contain. */
  readonly pages?: readonly string[];
  /** How backups must have fared. */
  readonly backups?: ExpectedBackups;
  /** How the workers of a service must have fared. */
  readonly scaling?: ExpectedScaling;
  /** Words that the incident must contain; none: no incident is expected. */
  readonly tells: readonly string[];
}

/** Defines a scenario; it only helps the compiler. */
export const scenario = (spec: Scenario): Scenario => spec;
