import {
  always,
  bucket,
  celery,
  cpu,
  days,
  defineNightshift,
  ecs,
  errorRate,
  hours,
  http,
  minutes,
  onAlarm,
  p95,
  percent,
  postgres,
  redis,
  seconds,
  secret,
  smokeTests,
} from "@nightshift/config";

const api = "https://api.zaryableather.com/api/v1";

/**
 * leather_api: five smoke tests after every deployment, back by itself when they fail; error rate above 1 % for 5 min,
 * p95 above 2 s for 5 min. Database and cache are asked through the app's own health endpoint. Web and Celery go back together.
 * Two to ten Celery workers of four tasks each: out at once above 1,000 waiting, above 60 % CPU for 5 min, in below 20 % for 10 min.
 * Tier 1 has 15 min, tier 2 30 more, the CTO an hour more: the ladder of P2 as it comes. Maintenance on one Sunday a month.
 * A dump each night at 02:00 UTC, kept 7, 30 and 90 days; at most 24 h are lost, and the database is back in 15 min.
 */
export default defineNightshift({
  product: "leather",
  mode: "auto",
  channels: { ops: "C0LEATHER" },
  slack: { team: "T0LEATHER", app: "A0LEATHER" },
  people: {
    oncall: { slack: "U0LEATHERONC", roles: ["responder"] },
    lead: { slack: "U0LEATHER", roles: ["operator"] },
    cto: { slack: "U0LEATHERCTO", roles: ["owner"] },
  },
  onCall: always(["oncall"]),
  escalation: { tier1: { name: "On-Call Engineer" }, tier2: { name: "DevOps Lead", who: always(["lead"]) }, tier3: { name: "CTO", who: always(["cto"]) } },
  incidents: {
    alarms: [
      onAlarm("*High Error Rate*", { service: "leather-api", severity: "P2" }),
      onAlarm("*Slow Response*", { service: "leather-api", severity: "P3" }),
      onAlarm("*High CPU*", { service: "leather-api", severity: "P4" }),
      onAlarm("*DB Storage Low*", { service: "leather-api", severity: "P3", role: "cause" }),
      onAlarm("*Celery Backlog*", { service: "leather-celery", severity: "P3" }),
    ],
  },
  maintenance: [{ name: "scheduled maintenance", scope: "leather", opens: "sunday 02:00", week: 1, lasts: hours(2) }],
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
    "leather-celery": ecs({ cluster: "leather-api-cluster", group: "leather", dependsOn: ["leather-api"] }),
  },
  workers: {
    "leather-celery": celery({
      mode: "ask",
      broker: redis({ secret: secret("LeatherBroker") }),
      queues: ["celery"],
      wait: minutes(2),
      concurrency: 4,
      min: 2,
      max: 10,
      backlogAbove: 1_000,
      utilisation: [cpu({ out: { above: percent(60), for: minutes(5) }, in: { below: percent(20), for: minutes(10) } })],
      spot: { onDemandBase: 2 },
    }),
  },
  databases: {
    leather: postgres({
      url: secret("LeatherDatabase"),
      version: 15,
      instance: "leather-api",
      nightly: "02:00",
      keep: { daily: days(7), weekly: days(30), monthly: days(90) },
      rpo: hours(24),
      rto: minutes(15),
    }),
  },
  media: { pictures: bucket({ bucket: "leather-api-media" }) },
  network: { subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], securityGroups: ["sg-0123456789abcdef0"] },
});
