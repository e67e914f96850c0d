import { databaseConnections, databaseCpu, defineNightshift, ecs, errorRate, healthChecks, hours, http, minutes, ms, p95, percent } from "@nightshift/config";

/**
 * sports-nutrition API: 0–5 min health, logs, database, Redis and targets; 5–30 min function; after that p95 and errors.
 * It pages at p95 above 1000 ms and errors above 1 %; its database allows 80 % of the connections it is sized for.
 */
export default defineNightshift({
  product: "nutrition",
  mode: "ask",
  channels: { ops: "C0NUTRITN" },
  people: { lead: { slack: "U0NUTLEAD", roles: ["operator"] } },
  services: {
    api: ecs({
      cluster: "production",
      traffic: { loadBalancer: "app/production/0123456789abcdef", targetGroup: "targetgroup/api/0123456789abcdef" },
      triggers: [healthChecks(), errorRate({ above: percent(1), for: minutes(5) }), p95({ above: ms(1_000), for: minutes(5) })],
      smoke: [http("https://api.yourdomain.com/health"), http("https://api.yourdomain.com/api/health")],
      windows: { hot: minutes(5), bake: minutes(30), long: hours(1) },
      dependencies: [databaseCpu({ instance: "prod-postgresql", above: 80 }), databaseConnections({ instance: "prod-postgresql", above: 80 })],
    }),
  },
});
