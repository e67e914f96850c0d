import { setTimeout as pause } from "node:timers/promises";
import { settingsFor } from "@nightshift/decide/fixtures";
import { usual } from "@nightshift/decide/scaling/scaling.fixture";
import { type BrokerSettings, epochMs, minutes, type ScalingVerdict, seconds, serviceName, type WorkerSettings } from "@nightshift/model";
import type { Clock } from "@nightshift/ports";
import { createBrokers, realBrokerConnections } from "@nightshift/brokers";
import { randomUUID } from "node:crypto";
import { scale } from "../../../functions/scaler/entry.ts";
import type { ScalerWorld } from "../../../functions/scaler/settings.ts";
import { startFleet, type StoppedWorker } from "./fleet.ts";
import { realTimeLedger } from "./ledger.ts";
import type { CeleryVersion } from "./places.ts";
import { until } from "./process.ts";
import { type GroundTruth, groundTruth, makeApp, sendTasks } from "./worker.ts";

/** A scale-in to be played with real workers. */
export interface ScaleInWish {
  readonly celery: CeleryVersion;
  /** For Celery. */
  readonly url: string;
  /** For the scaler; the names of its secrets are the addresses themselves. */
  readonly broker: BrokerSettings;
  readonly acksLate: boolean;
  /** The third number of the workers' addresses, another one for each fleet. */
  readonly net: number;
}

/** How it went. */
export interface ScaleInStory {
  readonly truth: GroundTruth;
  /** Ids of the tasks that were sent: one of 40 seconds, one of 25, and two short ones when all is over. */
  readonly tasks: readonly string[];
  readonly sent: readonly number[];
  readonly stopped: readonly StoppedWorker[];
  /** Workers that were given up before the 40-second task ended. */
  readonly stoppedMeanwhile: number;
  readonly left: number;
  readonly verdicts: readonly ScalingVerdict["kind"][];
  /** What the scaler said at each look, for a person who reads a failure. */
  readonly log: readonly string[];
}

// The scaler's time passes four times as fast as the workers'; a tick of its 15 s is 3.75 s here.
const haste = 4;
const tickMs = 15_000 / haste;
const looksAtMost = 40;

/** Ten one-slot workers of which two are at work, and the real scaler over them until one worker is left. */
export async function playScaleIn({ celery, url, broker, acksLate, net }: ScaleInWish): Promise<ScaleInStory> {
  const app = await makeApp(url, { worker_prefetch_multiplier: 1, task_acks_late: acksLate });
  const origin = Date.now();
  const clock: Clock = { now: () => epochMs(origin + (Date.now() - origin) * haste), pause: (length) => pause(length) };
  const worker: WorkerSettings = {
    ...usual,
    service: serviceName("nap-worker"),
    group: "nap",
    broker,
    acksLate,
    concurrency: 1,
    min: 1,
    max: 10,
    // The tasks last 160 and 100 s by the scaler's clock: a promise that so few workers can keep.
    queues: [{ name: "celery", wait: minutes(10) }],
    inCoolDown: seconds(15),
  };
  const fleet = await startFleet({ celery, app, workers: 10, net, clock, ref: { cluster: worker.cluster, service: worker.service }, stopTimeoutSeconds: 15 });
  const log: string[] = [];
  const verdicts: ScalingVerdict["kind"][] = [];
  try {
    const tasks = [...(await sendTasks(celery, app, [{ seconds: 40 }, { seconds: 25 }]))];
    await until("both long tasks run", async () => (await groundTruth(app)).running.length === 2);
    const ended = async (): Promise<boolean> => (await groundTruth(app)).ended.some((one) => one.id === tasks[0]);
    let stoppedMeanwhile = 0;
    const ports: Partial<ScalerWorld> = {
      ...realTimeLedger(),
      ...createBrokers({ connections: realBrokerConnections, secrets: { read: async (name) => name }, clock, newId: randomUUID }),
      clock,
      fleets: fleet.fleets,
      scaling: fleet.scaling,
      gauges: { publish: async () => undefined },
      ticks: { later: async () => undefined, now: async () => undefined },
      starter: { start: async () => undefined, wake: async () => undefined },
    };
    const world = ports as ScalerWorld; // What the scaler never calls here is missing, so that calling it fails loudly.
    for (let look = 0; look < looksAtMost; look += 1) {
      const began = Date.now();
      await scale({}, { world, workers: [worker], budgets: settingsFor().budgets, log: (line) => log.push(JSON.stringify(line)) });
      const [last] = await world.scalingBook.decisions(worker.service);
      if (last !== undefined) verdicts.push(last.verdict.kind);
      if (!(await ended())) stoppedMeanwhile = 10 - fleet.desired();
      const { state } = await world.scalingBook.read(worker.service);
      if (fleet.live().length === 1 && state?.lowering === undefined && state?.draining.length === 0) break;
      await pause(Math.max(0, tickMs - (Date.now() - began)));
    }
    // Whoever is left is at work as before.
    tasks.push(...(await sendTasks(celery, app, [{ seconds: 0.1 }, { seconds: 0.1 }])));
    await until("every task that was sent has ended", async () => (await groundTruth(app)).ended.length >= tasks.length, 60);
    const truth = await groundTruth(app);
    return { truth, tasks, sent: fleet.sent, stopped: fleet.stopped, stoppedMeanwhile, left: fleet.live().length, verdicts, log };
  } finally {
    await fleet.destroy();
  }
}
