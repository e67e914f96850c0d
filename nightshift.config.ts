import {
  always,
  cacheEvictions,
  celery,
  databaseCpu,
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
  redis,
  rotation,
  secret,
  taskCrashes,
} from "@nightshift/config";

/** A made-up shop, so that everything runs as it is. Put your own names here: `npx nightshift init` prints them from your account. */
export default defineNightshift({
  product: "shop",
  // It starts by only saying what it would have done; then "ask", then "auto".
  mode: "shadow",
  channels: { ops: "C0123ABCD", incidents: "C0456EFGH" },
  slack: { team: "T0123SHOP", app: "A0123SHOP" },
  people: {
    lead: { slack: "U0123LEAD", roles: ["operator"] },
    ana: { slack: "U0789ANA", roles: ["responder"], rolesFor: { "shop-worker": ["operator"] } },
    founder: { slack: "U0456BOSS", roles: ["owner"] },
  },
  onCall: rotation({ people: ["lead", "ana"], handoff: "monday 09:00", zone: "Europe/Berlin" }),
  escalation: { tier2: { who: always(["lead"]) }, tier3: { name: "Founder", who: always(["founder"]) } },
  incidents: {
    zone: "Europe/Berlin",
    alarms: [
      onAlarm("shop-api-unhealthy*", { service: "shop-api", severity: "P1", role: "down" }),
      onAlarm("shop-prod-rds-*", { service: "shop-api", severity: "P2", role: "cause" }),
      onAlarm("shop-worker-backlog*", { service: "shop-worker", severity: "P3" }),
      onAlarm("*-target-tracking-*", { ignore: true }),
    ],
    links: { "shop-api": { dashboard: "https://example.com/shop/dashboard", runbook: "https://example.com/shop/runbook" } },
  },
  maintenance: [{ name: "monthly maintenance", scope: "shop", opens: "sunday 02:00", week: 1, lasts: hours(2) }],
  services: {
    "shop-api": ecs({
      cluster: "shop-prod",
      group: "shop",
      traffic: { loadBalancer: "app/shop/50dc6c495c0c9188", targetGroup: "targetgroup/shop-api/73e2d6bc24d8a067", requestsPerMinute: 600 },
      triggers: [healthChecks({ moreThan: 3 }), errorRate({ above: percent(5), for: minutes(2) }), p95({ above: ms(2_000), for: minutes(5) })],
      smoke: [http("https://api.example.com/health"), http("https://api.example.com/schema", { within: ms(2_000) })],
      dependencies: [databaseCpu({ instance: "shop-prod" }), cacheEvictions({ cluster: "shop-prod-001" })],
    }),
    "shop-worker": ecs({ cluster: "shop-prod", group: "shop", triggers: [taskCrashes()], dependsOn: ["shop-api"] }),
  },
  workers: {
    "shop-worker": celery({ broker: redis({ secret: secret("ShopBroker") }), queues: ["celery"], wait: minutes(2), concurrency: 4, min: 2, max: 10 }),
  },
  network: { subnets: ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"], securityGroups: ["sg-0a1b2c3d4e5f60718"] },
});
