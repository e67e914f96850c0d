import { minutes, seconds } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import type { Stage } from "../scenario/stage.ts";
import { shop } from "./shop.ts";

const bothDeployed = (stage: Stage): void => {
  stage.deploy("shop-api");
  stage.deploy("shop-worker");
};

export const databaseOutage = scenario({
  name: "database-outage-at-deploy-time",
  title: "The database goes down while a good deployment of api and worker starts",
  source: "facts/rollback.md 0.2: no other tool asks whether it was the deployment; 6.3 G4 (d)",
  before: (stage) => shop(stage),
  plot: (stage) => {
    stage.world.outage("database", { from: seconds(60), for: minutes(12) });
    stage.at(minutes(2), () => bothDeployed(stage));
  },
  lasts: minutes(50),
  expected: {
    verdict: "not-deploy",
    toBlame: false,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "deployed" },
    tells: ["RDS shop-prod", "not rolling back"],
  },
});

export const databaseOutageAtExposure = scenario({
  name: "database-outage-at-exposure",
  title: "The database goes down in the very minute in which a good deployment begins to serve: a person is asked",
  source: "facts/rollback.md 6.3 G4: where the signs disagree, HOLD; no experiments while a dependency is in trouble",
  before: (stage) => shop(stage),
  plot: (stage) => {
    stage.at(minutes(1), () => bothDeployed(stage));
    let failed = false;
    // The moment the first new task serves.
    const watch = (): void => {
      const deployed = stage.deployed.find((one) => one.service === "shop-api");
      if (!failed && (stage.world.serving("shop-api").get(deployed?.digest ?? "none") ?? 0) > 0) {
        failed = true;
        stage.world.outage("database", { from: seconds(5), for: minutes(12) });
      }
      if (!failed) stage.at(seconds(1), watch);
    };
    stage.at(minutes(1), watch);
  },
  lasts: minutes(50),
  expected: {
    verdict: "ask",
    toBlame: false,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "deployed" },
    tells: ["RDS shop-prod", "Nobody answered"],
  },
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
  expected: {
    verdict: "not-deploy",
    toBlame: false,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    tells: ["before", "not rolling back"],
  },
});
