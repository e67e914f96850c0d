import {
  alarms,
  always,
  bucket,
  cacheEvictions,
  databaseCpu,
  days,
  defineNightshift,
  ecs,
  errorsPerMinute,
  healthChecks,
  hours,
  http,
  minutes,
  onAlarm,
  postgres,
  seconds,
  secret,
} from "@nightshift/config";

/**
 * Customify: API and worker in one task definition, circuit breaker with rollback on, alarms at more than ten 5xx a minute
 * twice and at 80 % CPU. Its guide rolls the schema back by hand, so a revision of unknown schema asks first.
 * Automatic snapshots of seven days and logs every five minutes: at most 5 min are lost, all is back in 1 h. Pictures travel to a second region.
 */
export default defineNightshift({
  product: "customify",
  region: "us-east-1",
  mode: "ask",
  channels: { ops: "C0CUSTOPS" },
  slack: { team: "T0CUSTOMIFY", app: "A0CUSTOMIFY" },
  people: { oncall: { slack: "U0CUSTONC", roles: ["operator"] } },
  onCall: always(["oncall"]),
  incidents: {
    alarms: [
      onAlarm("customify-api-high-errors", { service: "customify-api-service", severity: "P2" }),
      onAlarm("customify-api-high-cpu", { service: "customify-api-service", severity: "P3" }),
    ],
    links: { "customify-api-service": { runbook: "https://docs.customify.com/runbook" } },
  },
  services: {
    "customify-api-service": ecs({
      cluster: "customify-prod",
      traffic: { loadBalancer: "app/customify-prod-alb/0123456789abcdef", targetGroup: "targetgroup/customify-api-tg/abcd1234abcd1234" },
      triggers: [healthChecks({ moreThan: 3 }), errorsPerMinute({ moreThan: 10, times: 2 }), alarms(["customify-api-high-cpu"])],
      smoke: [http("https://api.customify.com/health", { within: seconds(10) })],
      schema: { unknown: "hold" },
      nativeGrace: seconds(60),
      dependencies: [databaseCpu({ instance: "customify-prod-db", above: 80 }), cacheEvictions({ cluster: "customify-prod-redis-001" })],
    }),
  },
  databases: {
    customify: postgres({
      url: secret("CustomifyDatabase"),
      version: 15,
      instance: "customify-prod-db",
      keep: { daily: days(7) },
      rpo: minutes(5),
      rto: hours(1),
      snapshots: { keep: days(7) },
    }),
  },
  media: { pictures: bucket({ bucket: "customify-production", replica: "customify-production-replica" }) },
  network: { subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], securityGroups: ["sg-0123456789abcdef0"] },
});
