import { minutes, type Ms } from "@nightshift/model";
import { type Scenario, scenario } from "../scenario/scenario.ts";
import type { Stage } from "../scenario/stage.ts";
import { fiveHundreds, releaseDigest } from "../world/index.ts";
import { shop } from "./shop.ts";

/** CI moves `:latest` to new bytes, and only asks ECS to deploy again: the task definition stays the same. */
function pushAndForce(stage: Stage, after: Ms): void {
  const { repository } = stage.world.handle("shop-api");
  stage.world.registry.push(repository, releaseDigest(repository, 2), "latest");
  stage.deploy("shop-api", { bad: true, forceOnly: true, behaviour: fiveHundreds({ share: 0.2, after }) });
}

const latest = (name: string, title: string, after: Ms): Scenario =>
  scenario({
    name,
    title,
    source: "facts/rollback.md 0.5: with `:latest` going back to the revision before changes nothing; three of five seeds deploy so",
    before: (stage) => shop(stage, { api: { release: { tag: "latest" } } }),
    plot: (stage) => stage.at(minutes(1), () => pushAndForce(stage, after)),
    lasts: minutes(60),
    expected: { verdict: "roll-back", toBlame: true, serves: { "shop-api": "before", "shop-worker": "before" }, tells: ["5xx", "it helped"] },
  });

/** The bytes change while the task definition stays, so that going back by revision would change nothing. */
export const mutableLatest = latest("mutable-latest", "`:latest` moved, and the new bytes fail; the old bytes must come back", minutes(0));
/** The same after completion, when ECS has no deployment left to stop. */
export const mutableLatestAfterCompletion = latest(
  "mutable-latest-after-completion",
  "`:latest` moved, and the new bytes fail only after ECS called it complete",
  minutes(14),
);
