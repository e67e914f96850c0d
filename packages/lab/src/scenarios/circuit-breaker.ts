import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { crashOnBoot } from "../world/index.ts";
import { shop } from "./shop.ts";

export const circuitBreaker = scenario({
  name: "circuit-breaker-already-rolling-back",
  title: "ECS's own circuit breaker is faster: nobody rolls back twice",
  source: "facts/rollback.md 0.7: SST always enables the circuit breaker; hazard 4",
  // Of twelve tasks that crash, the third falls within moments of the second: the breaker opens before its grace is over.
  before: (stage) =>
    shop(stage, { api: { desired: 12, circuitBreaker: { enable: true, rollback: true, thresholdConfiguration: { type: "COUNT", value: 3 } } } }),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: crashOnBoot() })),
  lasts: minutes(40),
  // The deployment by which ECS goes back is watched as well; whichever watch looks first yields.
  expected: { verdict: "yield", watch: "any", toBlame: true, rollbacks: 0, serves: { "shop-api": "before", "shop-worker": "before" }, tells: [] },
});
