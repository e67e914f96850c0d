import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { fiveHundreds } from "../world/index.ts";
import { shop } from "./shop.ts";

export const newerDeployment = scenario({
  name: "newer-deployment-in-progress",
  title: "The fix is deployed while the bad revision is still being judged",
  source: "facts/rollback.md 3, hazard 3: a rollback must never hit the newer deployment",
  before: (stage) => shop(stage),
  plot: (stage) => {
    stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.12 }) }));
    stage.at(minutes(3), () => void stage.deploy("shop-api"));
  },
  lasts: minutes(75),
  expected: {
    verdict: "superseded",
    watch: "first",
    recorded: ["superseded", "passed"],
    toBlame: false,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    tells: [],
  },
});

export const newerIsBadToo = scenario({
  name: "newer-deployment-is-bad-too",
  title: "The fix is bad as well: the last known good comes back, not the first attempt",
  source: "facts/rollback.md 4: hotfix chains follow Argo: 1.3 good, 1.4 bad, 1.5 bad, back to 1.3",
  before: (stage) => shop(stage),
  plot: (stage) => {
    stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.12 }) }));
    stage.at(minutes(3), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.2 }) }));
  },
  lasts: minutes(50),
  expected: {
    verdict: "roll-back",
    recorded: ["superseded", "roll-back"],
    toBlame: true,
    rollbacks: 1,
    serves: { "shop-api": "before", "shop-worker": "before" },
    tells: ["5xx", "it helped"],
  },
});
