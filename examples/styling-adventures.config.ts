import { alarms, always, days, defineNightshift, dynamodb, ecs, errorRate, hours, http, minutes, ms, onAlarm, p99, percent } from "@nightshift/config";

/**
 * styling-adventures: p99 above 500 ms, error rate above 1 %, its DynamoDB and Cognito alarms. The guide runs on Lambda
 * aliases with canary steps, which arrive with R3 to R5; this guards the same API where it runs as a container service.
 * Its DynamoDB table is backed up daily for 30 days, in two regions; at most an hour is lost. The repository's mirror is asked for each night,
 * without the guide's `sync --delete`, which would mirror a deletion.
 */
export default defineNightshift({
  product: "styling",
  region: "us-east-1",
  mode: "shadow",
  channels: { ops: "C0STYLING" },
  slack: { team: "T0STYLING", app: "A0STYLING" },
  people: { oncall: { slack: "U0STYLING", roles: ["operator"] } },
  onCall: always(["oncall"]),
  // The guide's response times: P1 at once, P2 15 min, P3 1 h, P4 next business day; resolved within 30 min, 1 h, 4 h, 24 h.
  severities: { P1: { resolveWithin: minutes(30) }, P2: { ackWithin: minutes(15), resolveWithin: hours(1) }, P3: { ackWithin: hours(1) } },
  incidents: {
    alarms: [
      onAlarm("api-p99-latency", { service: "styling-api", severity: "P2" }),
      onAlarm("lambda-error-rate", { service: "styling-api", severity: "P3" }),
      onAlarm("dynamodb-throttles", { service: "styling-api", severity: "P3", role: "cause" }),
      onAlarm("cognito-failures", { service: "styling-api", severity: "P3", role: "cause" }),
    ],
  },
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
  tables: { users: dynamodb({ table: "Users", keep: days(30), rpo: hours(1), copyIn: "us-west-2" }) },
  backups: { configuration: { repositories: ["stylingadventures/platform"] }, secondRegion: "us-west-2" },
});
