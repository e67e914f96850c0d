import type { Blame, Breach, Look } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Seen } from "./seen.ts";
import { borneOut, beforeAndAfter, onset, spike } from "./signs/change.ts";
import { dependencies } from "./signs/dependencies.ts";
import { siblings } from "./signs/siblings.ts";
import type { Sign } from "./signs/sign.ts";
import { split } from "./signs/split.ts";

/** What the blame check found: the verdict people read, and what only the gates need. */
export interface Blamed {
  readonly blame: Blame;
  /** A sign that settles it for "elsewhere", with none that settles it for the deployment: overrides even hard evidence. */
  readonly shared: boolean;
  /** Something the service depends on is in trouble, whoever began: no experiments then. */
  readonly dependencyInTrouble: boolean;
}

/** Two signs that merely fit are needed to blame the deployment; one alone may be chance. */
const FITTING_SIGNS = 2;

/** Asks "was it the deployment?" by every sign there is (`facts/rollback.md` 6.3 G4). */
export function blameFor(breach: Breach, seen: Seen, look: Look): Blamed {
  const found: readonly Sign[] = [
    ...split(breach, seen),
    ...beforeAndAfter(breach, seen),
    ...onset(breach, seen),
    ...spike(seen),
    ...borneOut(breach, seen),
    ...dependencies(breach, seen),
    ...siblings(look, breach.strength),
  ];
  const settles = (points: Sign["points"]) => found.some((sign) => sign.points === points && sign.settles);
  return {
    blame: { verdict: verdictOf(found), signs: found.map(({ points, says }) => ({ points, says })) },
    shared: settles("elsewhere") && !settles("deployment"),
    dependencyInTrouble: found.some((sign) => sign.inTrouble === true),
  };
}

function verdictOf(found: readonly Sign[]): Blame["verdict"] {
  const some = (points: Sign["points"], settles: boolean) => found.some((sign) => sign.points === points && sign.settles === settles);
  if (some("elsewhere", true)) return some("deployment", true) ? "mixed" : "elsewhere";
  if (some("deployment", true)) return "deployment";
  if (some("elsewhere", false) || found.some((sign) => sign.doubts === true)) return "mixed";
  return guard("two signs that fit", found.filter((sign) => sign.points === "deployment").length < FITTING_SIGNS) ? "mixed" : "deployment";
}
