import { defineNightshift, ecs, errorRate, healthChecks, http, milliseconds, minutes, p95, percent } from "@nightshift/config";

/**
 * AccuNode: more than 3 health-check failures in a row, error rate above 5 % for 2 min, p95 above 2000 ms for 5 min.
 * Its blue/green switch arrives with R2; until then the service is guarded where it deploys by rolling update.
 */
export default defineNightshift({
  product: "accunode",
  mode: "auto",
  channels: { ops: "C0ACCUOPS", incidents: "C0ACCUINC" },
  people: { oncall: { slack: "U0ACCUONC", roles: ["operator"] }, cto: { slack: "U0ACCUCTO", roles: ["owner"] } },
  services: {
    "accunode-api": ecs({
      cluster: "accunode-prod",
      traffic: { loadBalancer: "app/accunode/0123456789abcdef", targetGroup: "targetgroup/accunode-api/0123456789abcdef" },
      triggers: [healthChecks({ moreThan: 3 }), errorRate({ above: percent(5), for: minutes(2) }), p95({ above: milliseconds(2_000), for: minutes(5) })],
      smoke: [http("https://api.accunode.example/health")],
    }),
  },
});
