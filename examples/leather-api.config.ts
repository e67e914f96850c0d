import { defineNightshift, ecs, errorRate, http, minutes, p95, percent, seconds, smokeTests } from "@nightshift/config";

const api = "https://api.zaryableather.com/api/v1";

/**
 * leather_api: five smoke tests after every deployment, back by itself when they fail; error rate above 1 % for 5 min,
 * p95 above 2 s for 5 min. Database and cache are asked through the app's own health endpoint. Web and Celery go back together.
 */
export default defineNightshift({
  product: "leather",
  mode: "auto",
  channels: { ops: "C0LEATHER" },
  people: { lead: { slack: "U0LEATHER", roles: ["operator", "owner"] } },
  services: {
    "leather-api": ecs({
      cluster: "leather-api-cluster",
      group: "leather",
      traffic: { loadBalancer: "app/leather-api/0123456789abcdef", targetGroup: "targetgroup/leather-api/0123456789abcdef" },
      triggers: [errorRate({ above: percent(1), for: minutes(5) }), p95({ above: seconds(2), for: minutes(5) }), smokeTests({ failuresInARow: 2 })],
      smoke: [
        http(`${api}/healthcheck/`, { name: "health" }),
        http(`${api}/products/`, { name: "endpoints" }),
        http(`${api}/healthcheck/?only=database`, { name: "database", json: { path: "database", equals: "ok" } }),
        http(`${api}/healthcheck/?only=redis`, { name: "redis", json: { path: "redis", equals: "ok" } }),
        http(`${api}/schema/`, { name: "schema" }),
      ],
    }),
    "leather-celery": ecs({ cluster: "leather-api-cluster", group: "leather" }),
  },
});
