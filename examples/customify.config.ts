import { alarms, cacheEvictions, databaseCpu, defineNightshift, ecs, errorsPerMinute, healthChecks, http, seconds } from "@nightshift/config";

/**
 * Customify: API and worker in one task definition, circuit breaker with rollback on, alarms at more than ten 5xx a minute
 * twice and at 80 % CPU. Its guide rolls the schema back by hand, so a revision of unknown schema asks first.
 */
export default defineNightshift({
  product: "customify",
  region: "us-east-1",
  mode: "ask",
  channels: { ops: "C0CUSTOPS" },
  people: { oncall: { slack: "U0CUSTONC", roles: ["operator"] } },
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
