import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { fiveHundreds } from "../world/index.ts";
import { shop } from "./shop.ts";

export const healthyBut5xx = scenario({
  name: "healthy-but-5xx",
  title: "Health checks pass, but one request in eight fails",
  source: "facts/rollback.md 1a: the circuit breaker counts only tasks that do not start or fail health checks",
  before: (stage) => shop(stage),
  plot: (stage) =>
    stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.12 }), labels: { commit: "8f3c2a1" } })),
  lasts: minutes(40),
  expected: {
    verdict: "roll-back",
    toBlame: true,
    serves: { "shop-api": "before", "shop-worker": "before" },
    grades: { "shop-api": "bad" },
    tells: ["5xx", "it helped"],
  },
});
