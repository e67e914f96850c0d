import { alarms, defineNightshift, ecs, errorRate, healthChecks, http, minutes, percent, taskCrashes } from "@nightshift/config";

/** The shop that the samples of events/samples are about. */
export default defineNightshift({
  product: "shop",
  mode: "auto",
  region: "eu-central-1",
  channels: { ops: "C0123ABCD" },
  people: { lead: { slack: "U0123LEAD", roles: ["operator"] } },
  services: {
    "shop-api": ecs({
      cluster: "shop-prod",
      group: "shop",
      traffic: { loadBalancer: "app/shop/50dc6c495c0c9188", targetGroup: "targetgroup/shop-api/73e2d6bc24d8a067", requestsPerMinute: 600 },
      triggers: [healthChecks({ moreThan: 3 }), errorRate({ above: percent(5), for: minutes(2) }), alarms(["shop-api/5xx"])],
      smoke: [http("https://api.example.com/health")],
    }),
    "shop-worker": ecs({ cluster: "shop-prod", group: "shop", triggers: [taskCrashes()] }),
  },
});
