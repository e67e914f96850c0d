import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { fiveHundreds } from "../world/index.ts";
import { shop } from "./shop.ts";

export const badAfterCompletion = scenario({
  name: "bad-after-completion",
  title: "ECS calls the deployment complete; the errors begin after that",
  source: "facts/rollback.md 0.3: nobody watches after completion (copilot-cli #2519, argo-cd #6147)",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.2, after: minutes(14) }) })),
  lasts: minutes(60),
  expected: { verdict: "roll-back", toBlame: true, serves: { "shop-api": "before", "shop-worker": "before" }, tells: ["5xx", "it helped"] },
});

export const lateRegression = scenario({
  name: "late-regression",
  title: "The errors begin 40 minutes after the deployment: a person is asked",
  source: "facts/rollback.md 5: from 30 to 60 minutes only strong evidence acts by itself",
  before: (stage) => shop(stage),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.2, after: minutes(41) }) })),
  lasts: minutes(70),
  expected: { verdict: "ask", toBlame: true, rollbacks: 0, serves: { "shop-api": "deployed" }, tells: ["5xx", "Nobody answered"] },
});
