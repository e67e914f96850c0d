import {
  always,
  days,
  defineNightshift,
  ecs,
  elasticache,
  errorRate,
  healthChecks,
  http,
  milliseconds,
  minutes,
  onAlarm,
  p95,
  percent,
  postgres,
  secret,
} from "@nightshift/config";

/**
 * AccuNode: more than 3 health-check failures in a row, error rate above 5 % for 2 min, p95 above 2000 ms for 5 min.
 * Its critical alerts go to PagerDuty (the topics of P1 and P2) and Slack, warnings to Slack and e-mail (the topic of P3).
 * Its blue/green switch arrives with R2; until then the service is guarded where it deploys by rolling update.
 * Snapshots for 30 days with a copy in us-west-2, restored and compared once a month; Redis each night at 02:00 UTC for seven days.
 */
export default defineNightshift({
  product: "accunode",
  mode: "auto",
  channels: { ops: "C0ACCUOPS", incidents: "C0ACCUINC" },
  slack: { team: "T0ACCUNODE", app: "A0ACCUNODE" },
  people: { oncall: { slack: "U0ACCUONC", roles: ["operator"] }, cto: { slack: "U0ACCUCTO", roles: ["owner"] } },
  onCall: always(["oncall"]),
  escalation: { tier2: { who: always(["oncall", "cto"]) }, tier3: { who: always(["cto"]) } },
  severities: {
    P2: {
      tiers: [
        { tier: 1, after: minutes(0), by: ["slack-mention", "sns"] },
        { tier: 2, after: minutes(15), by: ["slack-dm", "sns"] },
        { tier: 3, after: minutes(45), by: ["slack-dm", "sns"] },
      ],
    },
    P3: { tiers: [{ tier: 1, after: minutes(0), by: ["sns"] }] },
  },
  incidents: {
    alarms: [
      onAlarm("High Error Rate", { service: "accunode-api", severity: "P2" }),
      onAlarm("Service Unavailable", { service: "accunode-api", severity: "P1", role: "down" }),
      onAlarm("Database Connection Issues", { service: "accunode-api", severity: "P2", role: "cause" }),
      onAlarm("High Response Time", { service: "accunode-api", severity: "P3" }),
      onAlarm("Resource Utilization", { service: "accunode-api", severity: "P3" }),
    ],
  },
  services: {
    "accunode-api": ecs({
      cluster: "accunode-prod",
      traffic: { loadBalancer: "app/accunode/0123456789abcdef", targetGroup: "targetgroup/accunode-api/0123456789abcdef" },
      triggers: [healthChecks({ moreThan: 3 }), errorRate({ above: percent(5), for: minutes(2) }), p95({ above: milliseconds(2_000), for: minutes(5) })],
      smoke: [http("https://api.accunode.example/health")],
    }),
  },
  databases: {
    accunode: postgres({
      url: secret("AccunodeDatabase"),
      version: 15,
      instance: "accunode-prod",
      nightly: "02:00",
      keep: { daily: days(7) },
      snapshots: { keep: days(30), copyTo: { region: "us-west-2", kmsKey: "alias/aws/rds" } },
      drill: { day: 1, instanceClass: "db.r5.xlarge", subnetGroup: "accunode-drills", securityGroups: ["sg-0123456789abcdef1"], costAtMost: 10 },
    }),
  },
  caches: { redis: elasticache({ cache: "accunode-redis", nightly: "02:00", keep: days(7) }) },
  backups: { configuration: { parameterPaths: ["/accunode/prod"] }, secondRegion: "us-west-2" },
  network: { subnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"], securityGroups: ["sg-0123456789abcdef0"] },
});
