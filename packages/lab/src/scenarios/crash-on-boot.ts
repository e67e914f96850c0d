import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { crashOnBoot } from "../world/index.ts";
import { shop } from "./shop.ts";

export const crashOnBootScenario = scenario({
  name: "crash-on-boot",
  title: "The new revision exits as soon as it starts",
  source: "facts/rollback.md 6.3 G3: crashes of the deployment's own tasks while the old ones are well are hard evidence",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: crashOnBoot() })),
  lasts: minutes(40),
  expected: { verdict: "roll-back", toBlame: true, serves: { "shop-api": "before", "shop-worker": "before" }, tells: ["crashed", "it helped"] },
});
