import { celery, defineNightshift, ecs, minutes, type NightshiftConfig, redis, seconds, secret, taskCrashes } from "@nightshift/config";
import type { Ms } from "@nightshift/model";
import type { FleetSpec } from "../celery/fleet.ts";
import type { Stage } from "../scenario/stage.ts";
import type { ServiceSpec, WorkerSpec } from "../world/index.ts";
import { shopTeam } from "./team.ts";

/** What differs from the ordinary workers. */
export interface WorkersOptions {
  readonly mode?: "shadow" | "ask" | "auto";
  /** Workers that stand when the story begins; default 2. */
  readonly desired?: number;
  readonly service?: Partial<ServiceSpec>;
  readonly celery?: Partial<FleetSpec>;
  /** Jobs and how long they take; default one a second, each two seconds. */
  readonly jobs?: Partial<WorkerSpec>;
  /** Settings of the scaler beyond the ordinary ones. */
  readonly scaling?: Partial<Parameters<typeof celery>[0]>;
}

/** The worker service of every story about scaling. */
export const WORKERS = "shop-worker";
/** What these stories promise: from publish to start. */
export const PROMISE: Ms = minutes(2);

/** A shop whose workers run Celery on Redis: a group and a service of their own. */
export function workers(stage: Stage, options: WorkersOptions = {}): NightshiftConfig {
  const fleet = { concurrency: 4, prefetch: 1, ...options.celery };
  stage.product({
    name: "shop",
    cluster: "prod",
    services: [
      {
        name: WORKERS,
        desired: options.desired ?? 2,
        firstRevision: 17,
        stopTimeout: seconds(120),
        worker: { queue: "celery", jobsPerMinute: 60, swing: 0, takes: { median: seconds(2), spread: 0.3 }, celery: fleet, ...options.jobs },
        ...options.service,
      },
    ],
  });
  return defineNightshift({
    ...shopTeam,
    mode: options.mode ?? "auto",
    services: { [WORKERS]: ecs({ cluster: "prod", triggers: [taskCrashes()] }) },
    workers: {
      [WORKERS]: celery({
        broker: redis({ secret: secret("ShopBroker") }),
        queues: ["celery"],
        wait: PROMISE,
        concurrency: fleet.concurrency,
        prefetch: fleet.prefetch,
        acksLate: fleet.acksLate ?? false,
        min: 1,
        max: 10,
        stopTimeout: seconds(120),
        ...options.scaling,
      }),
    },
  });
}

/** How a story ends in which nothing was deployed and nothing is to be told. */
export const QUIET = { verdict: "none", toBlame: false, rollbacks: 0, serves: { [WORKERS]: "before" }, tells: [] } as const;
