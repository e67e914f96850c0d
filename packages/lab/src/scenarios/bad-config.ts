import { http } from "@nightshift/config";
import { minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { fiveHundreds, oneEndpoint } from "../world/index.ts";
import { shop } from "./shop.ts";

export const badConfig = scenario({
  name: "bad-config-same-image",
  title: "The bytes are the same; a new environment variable breaks them",
  source: "facts/rollback.md 7.2: bad config, same image",
  before: (stage) => shop(stage),
  plot: (stage) =>
    stage.at(
      minutes(1),
      () =>
        void stage.deploy("shop-api", {
          bad: true,
          sameImage: true,
          environment: { PAYMENTS_URL: "https://payments.example" },
          behaviour: fiveHundreds({ share: 0.3 }),
        }),
    ),
  lasts: minutes(40),
  expected: { verdict: "roll-back", toBlame: true, rollbacks: 1, serves: { "shop-api": "before", "shop-worker": "before" }, tells: ["5xx", "it helped"] },
});

export const smokeTestsFail = scenario({
  name: "smoke-tests-fail",
  title: "One page that few people visit is broken: only the smoke test sees it",
  source: "facts/rollback.md 5 (leather): automatic rollback when smoke tests fail; decision 11",
  before: (stage) =>
    shop(stage, { settings: { smoke: [http("https://shop-api.shop.example.com/health"), http("https://shop-api.shop.example.com/checkout")] } }),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: oneEndpoint({ path: "/checkout", traffic: 0.01 }) })),
  lasts: minutes(40),
  expected: {
    verdict: "roll-back",
    toBlame: true,
    rollbacks: 1,
    serves: { "shop-api": "before", "shop-worker": "before" },
    tells: ["smoke test", "/checkout", "it helped"],
  },
});
