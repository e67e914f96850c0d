import type { NightshiftConfig } from "@nightshift/config";
import type { Digest, LeaveReason, Ms } from "@nightshift/model";
import type { LabWorld } from "../world/index.ts";

/** What a scenario must end in: the kind of verdict, a leave by its reason. */
export type ExpectedVerdict = "roll-back" | "ask" | LeaveReason;

/** One evening in the simulated account: a short typed file each. */
export interface Scenario {
  /** Its name on the command line, as its file: `healthy-but-5xx`. */
  readonly name: string;
  /** One sentence a person recognises. */
  readonly title: string;
  /** Where it comes from: a hazard, a requirement, an incident somebody had. */
  readonly source: string;
  readonly config: NightshiftConfig;
  /** Everything that was there before the story begins. */
  readonly before: (world: LabWorld) => void;
  /** What happens; times count from the start of the story. */
  readonly plot: (world: LabWorld) => void;
  /** How long the story is played. */
  readonly lasts: Ms;
  readonly expected: Expected;
}

export interface Expected {
  readonly verdict: ExpectedVerdict;
  /** Whether the deployment is really to blame; where not, an automatic rollback is a fault of the guard. */
  readonly toBlame: boolean;
  /** The image each service must serve at the end, by digest; services left out may serve anything. */
  readonly serves: Readonly<Record<string, Digest>>;
  /** Words that the thread must contain. */
  readonly tells: readonly string[];
}

/** Defines a scenario; it only helps the compiler. */
export const scenario = (spec: Scenario): Scenario => spec;
