import {
  databaseCpu,
  defineNightshift,
  ecs,
  errorRate,
  healthChecks,
  http,
  type NightshiftConfig,
  minutes,
  ms,
  p95,
  percent,
  taskCrashes,
} from "@nightshift/config";
import type { Stage } from "../scenario/stage.ts";
import type { DependencySpec, ServiceSpec } from "../world/index.ts";
import { shopTeam } from "./team.ts";

/** What differs from the ordinary shop. */
export interface ShopOptions {
  readonly mode?: "shadow" | "ask" | "auto";
  readonly api?: Partial<ServiceSpec>;
  readonly worker?: Partial<ServiceSpec>;
  /** Settings of the api beyond the ordinary ones. */
  readonly settings?: Partial<Parameters<typeof ecs>[0]>;
  /** Further things that the api needs; the database is always there. */
  readonly dependencies?: Readonly<Record<string, DependencySpec>>;
}

/** The shop of most stories: an API behind a load balancer and a worker, in one group, sharing a database. */
export function shop(stage: Stage, options: ShopOptions = {}): NightshiftConfig {
  const needs = ["database", ...Object.keys(options.dependencies ?? {})];
  const handles = stage.product({
    name: "shop",
    cluster: "prod",
    dependencies: { database: { kind: "rds", id: "shop-prod" }, ...options.dependencies },
    services: [
      { name: "shop-api", desired: 2, firstRevision: 42, traffic: { rpm: 600 }, dependsOn: needs, ...options.api },
      { name: "shop-worker", desired: 2, firstRevision: 17, worker: { queue: "celery", jobsPerMinute: 60 }, dependsOn: ["database"], ...options.worker },
    ],
  });
  const api = handles["shop-api"];
  if (api?.traffic === undefined) throw new Error("the shop's api has a load balancer");
  const { loadBalancer, targetGroup } = api.traffic;
  const triggers = [
    healthChecks({ moreThan: 3 }),
    errorRate({ above: percent(5), for: minutes(2) }),
    p95({ above: ms(2_000), for: minutes(5) }),
    taskCrashes(),
  ];
  return defineNightshift({
    ...shopTeam,
    mode: options.mode ?? "auto",
    services: {
      "shop-api": ecs({
        cluster: "prod",
        group: "shop",
        traffic: { loadBalancer, targetGroup },
        triggers,
        smoke: [http(`${api.url}/health`)],
        dependencies: [databaseCpu({ instance: "shop-prod" })],
        ...options.settings,
      }),
      "shop-worker": ecs({ cluster: "prod", group: "shop", triggers: [taskCrashes()] }),
    },
  });
}

/** What the api's services serve when nothing was put back and nothing else was deployed. */
export const WORKER_STAYS = { "shop-worker": "before" } as const;
