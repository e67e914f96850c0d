import type { Delivery, Entry, EpochMs, Incident, SendBudget } from "@nightshift/model";
import type { PlaceName } from "./rows.ts";

/** What everything is decided from: the incident as it stands, what was sent of it, and what may be spent. */
export interface Situation {
  readonly incident: Incident;
  readonly rows: readonly Delivery[];
  /** Best first; empty: no Slack. */
  readonly channels: readonly string[];
  readonly now: EpochMs;
  /** By scope; a scope nobody spent from yet may be missing. */
  readonly budgets: ReadonlyMap<string, SendBudget>;
  /** What the header of each place would show now. */
  readonly shown: Readonly<Record<PlaceName, string>>;
  /** What Slack said when it last refused, in this pass. */
  readonly refusal: string | undefined;
}

/** The next thing to do for one incident. */
export type Step =
  /** Everything is told. */
  | { readonly do: "nothing" }
  /** Not now: a budget, the reader's pace, or another sender that may be at work. */
  | { readonly do: "wait"; readonly until: EpochMs; readonly because: string }
  /** Begin this row and post it. `lost`: look for it first. */
  | { readonly do: "post"; readonly place: PlaceName; readonly row: Delivery; readonly tells: Telling; readonly lost: boolean }
  /** Show the new state in the header. */
  | { readonly do: "update"; readonly place: PlaceName; readonly row: Delivery; readonly shown: string }
  /** Go by the way that does not depend on Slack. */
  | { readonly do: "page"; readonly row: Delivery; readonly because: string };

/** What a message shows. */
export type Telling =
  | { readonly what: "header"; readonly shown: string }
  | {
      readonly what: "reply";
      readonly entries: readonly Entry[];
      readonly broadcast: boolean;
      /** Everything missed in this outage, in one reply. */
      readonly away: { readonly from: EpochMs; readonly to: EpochMs } | undefined;
    };

/** The first that can be done now; else the shortest wait; else nothing. */
export function firstOf(steps: readonly Step[]): Step {
  const now = steps.find((step) => step.do !== "nothing" && step.do !== "wait");
  if (now !== undefined) return now;
  const waits = steps.filter((step) => step.do === "wait");
  return waits.toSorted((a, b) => a.until - b.until)[0] ?? { do: "nothing" };
}
