import { minutes, seconds } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { selfHealingWarmup } from "../world/index.ts";
import { shop } from "./shop.ts";

export const goodWithNoise = scenario({
  name: "good-deployment-with-noise",
  title: "A good deployment of a service that is never quite without errors",
  source: "facts/rollback.md 6.3 G3: soft evidence needs a minimum sample and persistence; 4: GOOD is earned",
  before: (stage) => shop(stage, { api: { traffic: { rpm: 400, swing: 0.3, base: { errorShare: 0.012 } } } }),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api")),
  lasts: minutes(75),
  expected: {
    verdict: "passed",
    toBlame: false,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    grades: { "shop-api": "good" },
    tells: [],
  },
});

export const selfHealing = scenario({
  name: "self-healing-warm-up",
  title: "Cold caches: a minute of errors and slowness that heals by itself",
  source: "facts/rollback.md 7.2: a warm-up that heals itself is no reason to go back",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { behaviour: selfHealingWarmup({ share: 0.2, lasts: seconds(60) }) })),
  lasts: minutes(75),
  expected: { verdict: "passed", toBlame: false, rollbacks: 0, serves: { "shop-api": "deployed", "shop-worker": "before" }, tells: [] },
});

export const spotReclaim = scenario({
  name: "spot-reclaim-during-deploy",
  title: "AWS takes Spot tasks away in the middle of a good deployment",
  source: "facts/rollback.md 3: infrastructure is not evidence; stop code SpotInterruption",
  before: (stage) => shop(stage, { api: { desired: 4 } }),
  plot: (stage) => {
    stage.at(minutes(1), () => void stage.deploy("shop-api"));
    for (const after of [minutes(2), minutes(3), minutes(9)]) stage.at(after, () => stage.world.interrupt("shop-api", { count: 2, code: "SpotInterruption" }));
  },
  lasts: minutes(75),
  expected: { verdict: "passed", toBlame: false, rollbacks: 0, serves: { "shop-api": "deployed", "shop-worker": "before" }, tells: [] },
});

export const pullsThrottled = scenario({
  name: "pulls-throttled",
  title: "The registry limits pulls while a good deployment starts",
  source: "facts/rollback.md 7.2: ECR pull throttle; stopped-task reason CannotPullContainerError",
  before: (stage) => shop(stage),
  plot: (stage) => {
    stage.at(minutes(1), () => {
      stage.world.platform("throttled-pulls", { from: seconds(0), for: minutes(3) });
      stage.deploy("shop-api");
    });
  },
  lasts: minutes(90),
  expected: { verdict: "passed", toBlame: false, rollbacks: 0, serves: { "shop-api": "deployed", "shop-worker": "before" }, tells: [] },
});

export const configOnly = scenario({
  name: "good-config-change",
  title: "Only an environment variable changes, and all is well",
  source: "facts/rollback.md 4: identity is digests, task definition and service settings",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { sameImage: true, environment: { FEATURE_CART: "on" } })),
  lasts: minutes(75),
  expected: {
    verdict: "passed",
    toBlame: false,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    grades: { "shop-api": "good" },
    tells: [],
  },
});
