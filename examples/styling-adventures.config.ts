import { alarms, defineNightshift, ecs, errorRate, http, minutes, ms, p99, percent } from "@nightshift/config";

/**
 * styling-adventures: p99 above 500 ms, error rate above 1 %, its DynamoDB and Cognito alarms. The guide runs on Lambda
 * aliases with canary steps, which arrive with R3 to R5; this guards the same API where it runs as a container service.
 */
export default defineNightshift({
  product: "styling",
  mode: "shadow",
  channels: { ops: "C0STYLING" },
  services: {
    "styling-api": ecs({
      cluster: "styling-prod",
      traffic: { loadBalancer: "app/styling-api/0123456789abcdef", targetGroup: "targetgroup/styling-api/0123456789abcdef" },
      triggers: [
        p99({ above: ms(500), for: minutes(5) }),
        errorRate({ above: percent(1), for: minutes(5) }),
        alarms(["dynamodb-throttles", "cognito-failures"]),
      ],
      smoke: [
        http("https://api.stylingadventures.com/health", { name: "database", within: ms(500), json: { path: "services.database", equals: "ok" } }),
        http("https://api.stylingadventures.com/health", { name: "cache", within: ms(500), json: { path: "services.cache", equals: "ok" } }),
        http("https://api.stylingadventures.com/health", { name: "auth", within: ms(500), json: { path: "services.auth", equals: "ok" } }),
      ],
    }),
  },
});
