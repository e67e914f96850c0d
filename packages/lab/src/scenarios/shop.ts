import { defineNightshift, ecs, errorRate, healthChecks, http, type NightshiftConfig, minutes, ms, p95, percent, taskCrashes } from "@nightshift/config";
import type { Stage } from "../scenario/stage.ts";
import type { ServiceSpec } from "../world/index.ts";

/** What differs from the ordinary shop. */
export interface ShopOptions {
  readonly mode?: "shadow" | "ask" | "auto";
  readonly api?: Partial<ServiceSpec>;
  readonly worker?: Partial<ServiceSpec>;
  /** Settings of the api beyond the ordinary ones. */
  readonly settings?: Partial<Parameters<typeof ecs>[0]>;
}

/** The shop of most stories: an API behind a load balancer and a worker, in one group, sharing a database. */
export function shop(stage: Stage, options: ShopOptions = {}): NightshiftConfig {
  const handles = stage.product({
    name: "shop",
    cluster: "prod",
    dependencies: { database: { kind: "rds", id: "shop-prod" } },
    services: [
      { name: "shop-api", desired: 2, traffic: { rpm: 600 }, dependsOn: ["database"], ...options.api },
      { name: "shop-worker", desired: 2, worker: { queue: "celery", jobsPerMinute: 60 }, dependsOn: ["database"], ...options.worker },
    ],
  });
  const api = handles["shop-api"];
  if (api?.traffic === undefined) throw new Error("the shop's api has a load balancer");
  return defineNightshift({
    product: "shop",
    mode: options.mode ?? "auto",
    channels: { incidents: "C0456EFGH" },
    people: { lead: { slack: "U0123LEAD", roles: ["operator"] } },
    services: {
      "shop-api": ecs({
        cluster: "prod", group: "shop",
        traffic: { loadBalancer: api.traffic.loadBalancer, targetGroup: api.traffic.targetGroup },
        triggers: [healthChecks({ moreThan: 3 }), errorRate({ above: percent(5), for: minutes(2) }), p95({ above: ms(2_000), for: minutes(5) }), taskCrashes()],
        smoke: [http(`${api.url}/health`)],
        ...options.settings,
      }),
      "shop-worker": ecs({ cluster: "prod", group: "shop", triggers: [taskCrashes()] }),
    },
  });
}
