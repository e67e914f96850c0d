import { defineNightshift, ecs, errorRate, healthChecks, minutes, percent } from "@nightshift/config";
import { scenario } from "../scenario/scenario.ts";
import { fiveHundreds } from "../world/index.ts";
import { shop } from "./shop.ts";

export const blueGreen = scenario({
  name: "blue-green",
  title: "A blue/green service fails: explained, left to ECS or a person",
  source: "decision 7: blue/green services are watched and explained, never acted on",
  before: (stage) => shop(stage, { api: { strategy: "BLUE_GREEN" } }),
  plot: (stage) => stage.at(minutes(1), () => void stage.deploy("shop-api", { bad: true, behaviour: fiveHundreds({ share: 0.15 }) })),
  lasts: minutes(40),
  expected: { verdict: "unsupported", toBlame: true, rollbacks: 0, serves: { "shop-api": "deployed", "shop-worker": "before" }, tells: ["5xx", "blue/green"] },
});

export const trafficSpike = scenario({
  name: "traffic-spike",
  title: "Ten minutes after a good deployment four times the usual traffic comes",
  source: "facts/rollback.md 7.2: a traffic spike is not the deployment; 6.3 G4: mixed signs ask a person",
  before: (stage) => shop(stage, { api: { traffic: { rpm: 600, capacityPerTask: 600 } } }),
  plot: (stage) => {
    stage.at(minutes(1), () => void stage.deploy("shop-api"));
    stage.world.spike("shop-api", { from: minutes(12), for: minutes(15), times: 4 });
  },
  lasts: minutes(60),
  expected: {
    verdict: "ask",
    toBlame: false,
    rollbacks: 0,
    serves: { "shop-api": "deployed", "shop-worker": "before" },
    tells: ["5xx", "traffic is", "Nobody answered"],
  },
});

const cities = ["berlin", "lisbon", "oslo", "vienna"] as const;

export const stampede = scenario({
  name: "stampede",
  title: "Four unrelated services want a rollback within minutes: the automatics stop",
  source: "decision 3: three services without a common group within 5 minutes stop all automatics; hazard 25",
  before: (stage) => {
    const handles = cities.map(
      (city) =>
        stage.product({ name: city, cluster: city, services: [{ name: `${city}-api`, desired: 2, firstRevision: 42, traffic: { rpm: 600 } }] })[`${city}-api`],
    );
    const services = handles.map((handle) => {
      if (handle?.traffic === undefined) throw new Error("each city's api has a load balancer");
      const { loadBalancer, targetGroup } = handle.traffic;
      return [
        handle.name,
        ecs({
          cluster: handle.cluster,
          traffic: { loadBalancer, targetGroup },
          triggers: [healthChecks({ moreThan: 3 }), errorRate({ above: percent(5), for: minutes(2) })],
        }),
      ] as const;
    });
    return defineNightshift({
      product: "cities",
      mode: "auto",
      channels: { incidents: "C0456EFGH" },
      people: { lead: { slack: "U0123LEAD", roles: ["operator"] } },
      services: Object.fromEntries(services),
    });
  },
  plot: (stage) =>
    stage.at(minutes(1), () => {
      for (const city of cities) stage.deploy(`${city}-api`, { bad: true, behaviour: fiveHundreds({ share: 0.2 }) });
    }),
  lasts: minutes(40),
  // Two may act before the third shows that the cause is shared.
  expected: { verdict: "roll-back", toBlame: true, rollbacks: 2, serves: {}, tells: ["a shared cause is likelier"] },
});
