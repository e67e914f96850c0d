import { minutes, seconds } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { shop } from "./shop.ts";

export const databaseOutage = scenario({
  name: "database-outage-at-deploy-time",
  title: "The database goes down as a good deployment begins to serve",
  source: "facts/rollback.md 0.2: no other tool asks whether it was the deployment; 6.3 G4 (d)",
  before: (stage) => shop(stage),
  plot: (stage) => {
    stage.world.outage("database", { from: seconds(70), for: minutes(12) });
    stage.at(minutes(1), () => {
      stage.deploy("shop-api");
      stage.deploy("shop-worker");
    });
  },
  lasts: minutes(50),
  expected: { verdict: "not-deploy", toBlame: false, rollbacks: 0, serves: { "shop-api": "deployed", "shop-worker": "deployed" }, tells: ["RDS shop-prod", "not rolling back"] },
});

export const thirdPartyOutage = scenario({
  name: "third-party-outage",
  title: "The payment provider has been down since before the deployment",
  source: "facts/rollback.md 7.2, families that are not the deployment; 6.3 G4 (b)",
  before: (stage) => shop(stage, { dependencies: { payments: { kind: "external", id: "payments.example.net" } } }),
  plot: (stage) => {
    stage.world.outage("payments", { from: seconds(30), for: minutes(20), errorShare: 0.2, slower: 2 });
    stage.at(minutes(4), () => void stage.deploy("shop-api"));
  },
  lasts: minutes(50),
  expected: { verdict: "not-deploy", toBlame: false, rollbacks: 0, serves: { "shop-api": "deployed", "shop-worker": "before" }, tells: ["before", "not rolling back"] },
});
