import { hours, minutes } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { fiveHundreds } from "../world/index.ts";
import { shop } from "./shop.ts";

export const noLastKnownGood = scenario({
  name: "no-last-known-good",
  title: "The revision before ran three hours and was never proven: a person must decide",
  source: "facts/rollback.md 4: without a GOOD revision only ECS itself may return to the one before, while it deploys",
  before: (stage) => shop(stage, { api: { release: { ago: hours(3) } } }),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.2, after: minutes(14) }) })),
  lasts: minutes(50),
  expected: {
    verdict: "ask",
    toBlame: true,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    tells: ["5xx", "not known to be good", "a person is needed"],
  },
});

export const imagePurged = scenario({
  name: "image-purged",
  title: "The registry has thrown the last known good image away",
  source: "facts/rollback.md 3, hazard 8: lifecycle policies delete what a rollback needs",
  before: (stage) => {
    const config = shop(stage);
    const { digest } = stage.world.handle("shop-api");
    stage.world.purge("shop-api", digest);
    return config;
  },
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.2 }) })),
  lasts: minutes(40),
  expected: {
    verdict: "ask",
    toBlame: true,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    tells: ["5xx", "gone from the registry", "a person is needed"],
  },
});

export const incompatibleMigration = scenario({
  name: "incompatible-migration",
  title: "A migration that cannot be undone ran just before: the old code may not meet the new schema",
  source: "facts/rollback.md 0.8: curie #2296 (old application against a newer schema); decision 12",
  before: (stage) => shop(stage),
  plot: (stage) => {
    const migrated = { service: "shop-api", schemaHead: "0043_orders_currency", reversible: false, commit: "8f3c2a1" };
    stage.at(minutes(1), () => void stage.lab.bus.publish({ source: "nightshift.ci", detailType: "nightshift.migration", resources: [], detail: migrated }));
    stage.at(minutes(2), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.2 }), labels: { commit: "8f3c2a1" } }));
  },
  lasts: minutes(40),
  expected: {
    verdict: "ask",
    toBlame: true,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    tells: ["5xx", "0043_orders_currency cannot be undone", "Nobody answered"],
  },
});

export const identicalRedeploy = scenario({
  name: "identical-redeploy",
  title: "The same bytes are deployed again as the payment provider fails: going back would change nothing",
  source: "facts/rollback.md 3, hazard 26: a rollback to the same identity is a no-op",
  before: (stage) => shop(stage, { dependencies: { payments: { kind: "external", id: "payments.example.net" } } }),
  plot: (stage) => {
    stage.at(minutes(1), () => void stage.deploy("shop-api", { forceOnly: true }));
    stage.world.outage("payments", { from: minutes(3), for: minutes(20), errorShare: 0.2, slower: 2 });
  },
  lasts: minutes(50),
  expected: { verdict: "ask", toBlame: false, rollbacks: 0, serves: { "shop-api": "before", "shop-worker": "before" }, tells: ["5xx", "would change nothing"] },
});
