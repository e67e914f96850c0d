import { alarms, always, cacheEvictions, databaseCpu, defineNightshift, ecs, errorsPerMinute, healthChecks, http, onAlarm, seconds } from "@nightshift/config";

/**
 * Customify: API and worker in one task definition, circuit breaker with rollback on, alarms at more than ten 5xx a minute
 * twice and at 80 % CPU. Its guide rolls the schema back by hand, so a revision of unknown schema asks first.
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
});
