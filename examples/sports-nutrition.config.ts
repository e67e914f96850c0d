import {
  always,
  databaseConnections,
  databaseCpu,
  days,
  defineNightshift,
  ecs,
  errorRate,
  healthChecks,
  hours,
  http,
  minutes,
  ms,
  onAlarm,
  p95,
  percent,
  postgres,
  secret,
} from "@nightshift/config";

/**
 * sports-nutrition API: 0–5 min health, logs, database, Redis and targets; 5–30 min function; after that p95 and errors.
 * It pages at p95 above 1000 ms and errors above 1 %; its database allows 80 % of the connections it is sized for.
 * Daily backups of 30 days at 03:00 UTC, and point in time.
 */
export default defineNightshift({
  product: "nutrition",
  mode: "ask",
  channels: { ops: "C0NUTRITN" },
  slack: { team: "T0NUTRITN", app: "A0NUTRITN" },
  people: { lead: { slack: "U0NUTLEAD", roles: ["operator"] } },
  onCall: always(["lead"]),
  incidents: {
    alarms: [
      onAlarm("api-high-errors", { service: "api", severity: "P2" }),
      onAlarm("api-high-cpu", { service: "api", severity: "P4" }),
      onAlarm("api-high-memory", { service: "api", severity: "P2" }),
      onAlarm("database-connections", { service: "api", severity: "P2", role: "cause" }),
      onAlarm("disk-space", { service: "api", severity: "P2", role: "cause" }),
      onAlarm("redis-evictions", { service: "api", severity: "P3", role: "cause" }),
    ],
  },
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
  databases: {
    nutrition: postgres({
      url: secret("NutritionDatabase"),
      version: 15,
      instance: "prod-postgresql",
      nightly: "03:00",
      keep: { daily: days(30), weekly: days(30), monthly: days(30) },
      snapshots: { keep: days(30) },
    }),
  },
  network: { subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], securityGroups: ["sg-0123456789abcdef0"] },
});
