import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { latencyCreep } from "../world/index.ts";
import { shop } from "./shop.ts";

export const latencyCreepScenario = scenario({
  name: "latency-creep",
  title: "Nothing fails, but answers take longer every minute",
  source: "facts/rollback.md 5 (AccuNode): p95 above 2,000 ms for 5 minutes",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: latencyCreep({ times: 40, over: minutes(4) }) })),
  lasts: minutes(50),
  expected: { verdict: "roll-back", toBlame: true, serves: { "shop-api": "before", "shop-worker": "before" }, tells: ["p95", "it helped"] },
});
