import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { fiveHundreds } from "../world/index.ts";
import { shop } from "./shop.ts";

export const metricsMissing = scenario({
  name: "metrics-missing",
  title: "CloudWatch has no figures for an hour; nothing else is wrong",
  source: "facts/rollback.md 0.1: an outage of the metric provider rolls back a good deployment in every other tool",
  before: (stage) => shop(stage),
  plot: (stage) => {
    stage.world.metricGap({ from: minutes(1), for: minutes(80), namespace: "AWS/ApplicationELB" });
    stage.at(minutes(2), () => void stage.deploy("shop-api"));
  },
  lasts: minutes(75),
  // Watched to its end without figures: it stays, but GOOD is earned.
  expected: {
    verdict: "passed",
    toBlame: false,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    grades: { "shop-api": "served" },
    tells: [],
  },
});

export const cloudwatchThrottled = scenario({
  name: "cloudwatch-throttled",
  title: "CloudWatch refuses four of five questions, and the deployment is bad",
  source: "facts/rollback.md 1a: a throttled poll makes ECS miss its alarm",
  account: { rates: { "cloudwatch:GetMetricData": { perSecond: 0.02, burst: 2 } } },
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.15 }) })),
  lasts: minutes(50),
  expected: { verdict: "roll-back", toBlame: true, serves: { "shop-api": "before", "shop-worker": "before" }, tells: ["5xx", "it helped"] },
});
