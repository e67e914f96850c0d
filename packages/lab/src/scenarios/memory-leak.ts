import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { memoryLeak } from "../world/index.ts";
import { shop } from "./shop.ts";

export const memoryLeakAt20Min = scenario({
  name: "memory-leak-at-20-min",
  title: "All is well for a quarter of an hour, then memory runs out",
  source: "issue 2, section 7; facts/rollback.md 5: the bake window lasts 30 minutes",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: memoryLeak({ killedAt: minutes(20) }) })),
  lasts: minutes(60),
  expected: { verdict: "roll-back", toBlame: true, serves: { "shop-api": "before", "shop-worker": "before" }, tells: ["5xx", "it helped"] },
});
