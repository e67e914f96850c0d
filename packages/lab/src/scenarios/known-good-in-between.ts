import { days, minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { fiveHundreds } from "../world/index.ts";
import { shop } from "./shop.ts";

export const knownGoodInBetween = scenario({
  name: "known-good-in-between",
  title: "A good deployment proves itself, the next one is bad: the newest good one comes back, not the oldest",
  source: "facts/rollback.md 0.6: the previous revision is not the last known good, nor is the oldest",
  before: (stage) => shop(stage, { api: { past: [{ ago: days(20) }, { ago: days(9), behaviour: fiveHundreds({ share: 0.3 }) }] } }),
  plot: (stage) => {
    stage.at(minutes(1), () => void stage.deploy("shop-api"));
    stage.at(minutes(80), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.15 }) }));
  },
  lasts: minutes(120),
  expected: {
    verdict: "roll-back",
    recorded: ["passed", "roll-back"],
    toBlame: true,
    rollbacks: 1,
    serves: { "shop-api": "proven", "shop-worker": "before" },
    tells: ["5xx", "it helped"],
  },
});
