import { minutes } from "@nightshift/model";
import { type Scenario, scenario } from "../scenario/scenario.ts";
import type { Stage } from "../scenario/stage.ts";
import { fiveHundreds, releaseDigest } from "../world/index.ts";
import { shop } from "./shop.ts";

const broken = fiveHundreds({ share: 0.15 });
const again = (stage: Stage) =>
  void stage.deploy("shop-api", { bad: true, behaviour: broken, digest: releaseDigest(stage.world.handle("shop-api").repository, 2) });

const redeployed = (name: string, title: string, knownBad: "warn" | "block", tells: readonly string[]): Scenario =>
  scenario({
    name,
    title,
    source: "facts/rollback.md 0.4: nobody on AWS remembers what was rolled back (helm-operator #236, flux #2285)",
    before: (stage) => shop(stage, { settings: { knownBad } }),
    plot: (stage) => {
      stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: broken }));
      stage.at(minutes(50), () => again(stage));
    },
    lasts: minutes(100),
    expected: { verdict: "roll-back", toBlame: true, rollbacks: 2, serves: { "shop-api": "before", "shop-worker": "before" }, tells: ["it helped", ...tells] },
  });

/** Under the policy `warn` a known-bad revision is said to be one, watched like any other, and rolled back on proof. */
export const knownBadRedeployed = redeployed("known-bad-redeployed", "What was rolled back an hour ago is deployed again: said, watched, rolled back", "warn", [
  "is known-bad",
]);
/** Under the policy `block` the known-bad revision is rolled back because it is one. */
export const knownBadBlocked = redeployed("known-bad-blocked", "The same, where the team wants known-bad revisions blocked", "block", [
  "is known-bad",
  "the policy is to block it",
]);
