import { minutes, seconds } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { workerFails } from "../world/index.ts";
import { shop } from "./shop.ts";

const dies = workerFails({ share: 1, exitsAfter: seconds(5) });

export const workerOnlyFailure = scenario({
  name: "worker-only-failure",
  title: "api and worker are deployed together; only the worker dies",
  source: "facts/rollback.md 0.9: api and worker must roll back together (AI-Shipping-Labs #1514, planx #5684)",
  before: (stage) => shop(stage),
  plot: (stage) =>
    stage.at(minutes(1), () => {
      stage.deploy("shop-api", { bad: true });
      stage.deploy("shop-worker", { bad: true, behaviour: dies });
    }),
  lasts: minutes(40),
  expected: {
    verdict: "roll-back",
    toBlame: true,
    rollbacks: 2,
    serves: { "shop-api": "before", "shop-worker": "before" },
    tells: ["shop-worker", "it helped"],
  },
});

export const onlyTheWorkerMoved = scenario({
  name: "only-the-worker-moved",
  title: "Only the worker is deployed, and dies; the api stays as it is",
  source: "decision 8: only members whose identity differs from the last good one move",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-worker", { bad: true, behaviour: dies })),
  lasts: minutes(40),
  expected: {
    verdict: "roll-back",
    toBlame: true,
    rollbacks: 1,
    serves: { "shop-api": "before", "shop-worker": "before" },
    tells: ["shop-worker", "it helped"],
  },
});
