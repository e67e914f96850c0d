import { alarms, errorRate, healthChecks, minutes, percent } from "@nightshift/config";
import { type Scenario, scenario } from "../scenario/scenario.ts";
import { fiveHundreds, latencyAlarm } from "../world/index.ts";
import { shop } from "./shop.ts";

const source = "facts/rollback.md 0.2: ECS stops watching all alarms when one rings already at the start";
const triggers = [healthChecks({ moreThan: 3 }), errorRate({ above: percent(5), for: minutes(2) }), alarms(["shop-api-slow"])];

const firing = (of: Pick<Scenario, "name" | "title" | "plot" | "lasts" | "expected">): Scenario =>
  scenario({
    ...of,
    source,
    before: (stage) => {
      const config = shop(stage, { settings: { triggers } });
      // Its threshold is far too low, and nobody has looked at it for months.
      stage.world.alarm(latencyAlarm(stage.world.handle("shop-api"), { name: "shop-api-slow", threshold: 0.001, initially: "ALARM" }));
      return config;
    },
  });

export const alarmAlreadyFiring = firing({
  name: "alarm-already-firing",
  title: "An alarm rang long before a good deployment began",
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api")),
  lasts: minutes(75),
  expected: { verdict: "passed", toBlame: false, rollbacks: 0, serves: { "shop-api": "deployed", "shop-worker": "before" }, tells: [] },
});

export const alarmFiringYetBad = firing({
  name: "alarm-already-firing-yet-bad",
  title: "One alarm rings already, but the deployment is really bad: the other triggers stay awake",
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.15 }) })),
  lasts: minutes(40),
  expected: {
    verdict: "roll-back",
    toBlame: true,
    serves: { "shop-api": "before", "shop-worker": "before" },
    tells: ["5xx", "shop-api-slow rang before", "it helped"],
  },
});
