import { cacheEvictions, databaseCpu, defineNightshift, ecs, errorRate, healthChecks, http, minutes, ms, p95, percent, taskCrashes } from "@nightshift/config";

/** A made-up shop, so that everything runs as it is. Put your own names here: `npx nightshift init` prints them from your account. */
export default defineNightshift({
  product: "shop",
  // It starts by only saying what it would have done; then "ask", then "auto".
  mode: "shadow",
  channels: { ops: "C0123ABCD", incidents: "C0456EFGH" },
  people: {
    lead: { slack: "U0123LEAD", roles: ["operator"] },
    founder: { slack: "U0456BOSS", roles: ["owner"] },
  },
  services: {
    "shop-api": ecs({
      cluster: "shop-prod",
      group: "shop",
      traffic: { loadBalancer: "app/shop/50dc6c495c0c9188", targetGroup: "targetgroup/shop-api/73e2d6bc24d8a067", requestsPerMinute: 600 },
      triggers: [healthChecks({ moreThan: 3 }), errorRate({ above: percent(5), for: minutes(2) }), p95({ above: ms(2_000), for: minutes(5) })],
      smoke: [http("https://api.example.com/health"), http("https://api.example.com/schema", { within: ms(2_000) })],
      dependencies: [databaseCpu({ instance: "shop-prod" }), cacheEvictions({ cluster: "shop-prod-001" })],
    }),
    "shop-worker": ecs({ cluster: "shop-prod", group: "shop", triggers: [taskCrashes()] }),
  },
});
