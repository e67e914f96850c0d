import { setTimeout as pause } from "node:timers/promises";
import { type EpochMs, epochMs, type FleetState, type FleetTask, type ServiceRef } from "@nightshift/model";
import type { Clock, Fleets, Scaling } from "@nightshift/ports";
import type { CeleryVersion } from "./places.ts";
import { groundTruth, type NapApp, startWorker, type WorkerProcess } from "./worker.ts";

/** What ECS did to one of its tasks. */
export interface StoppedWorker {
  readonly name: string;
  /** Tasks that it was executing when it got its SIGTERM. */
  readonly running: number;
  /** 0: it ended by itself; SIGKILL: it did not within its stop timeout. */
  readonly exit: number | string;
}

/** A stand-in for ECS whose tasks are real workers: it knows nothing of work, and takes whom it likes among those that are not protected. */
export interface RealFleet {
  readonly fleets: Fleets;
  readonly scaling: Scaling;
  readonly desired: () => number;
  readonly live: () => readonly WorkerProcess[];
  readonly stopped: readonly StoppedWorker[];
  /** Every desired count that was sent. */
  readonly sent: readonly number[];
  /** Ends what is left. */
  readonly destroy: () => Promise<void>;
}

/** A fleet that is to be started. */
export interface FleetWish {
  readonly celery: CeleryVersion;
  readonly app: NapApp;
  readonly workers: number;
  /** The third number of their addresses: 127.0.X.1, 127.0.X.2, … */
  readonly net: number;
  readonly clock: Clock;
  readonly ref: ServiceRef;
  /** From SIGTERM to SIGKILL, in real seconds. */
  readonly stopTimeoutSeconds: number;
}

interface Task {
  readonly arn: string;
  readonly ip: string;
  readonly worker: WorkerProcess;
  readonly createdAt: EpochMs;
  protectedUntil: EpochMs | undefined;
  stopping: boolean;
}

/** Starts so many one-slot workers at once, and the stand-in over them. */
export async function startFleet(wish: FleetWish): Promise<RealFleet> {
  const { celery, app, clock, ref } = wish;
  async function start(n: number): Promise<Task> {
    const ip = `127.0.${wish.net}.${n + 1}`;
    const createdAt = clock.now();
    const worker = await startWorker({ celery, app, host: `ip-${ip.replaceAll(".", "-")}`, concurrency: 1 });
    return { arn: `arn:aws:ecs:task/${n + 1}`, ip, worker, createdAt, protectedUntil: undefined, stopping: false };
  }

  const tasks = await Promise.all(Array.from({ length: wish.workers }, (_, n) => start(n)));
  let started = tasks.length;
  let desired = wish.workers;
  const sent: number[] = [];
  const stopped: StoppedWorker[] = [];
  const gone: NonNullable<FleetState["stopped"]>[number][] = [];
  const stops: Promise<void>[] = [];
  const starts: Promise<void>[] = [];
  const here = (): Task[] => tasks.filter((one) => one.worker.result() === undefined);
  const chance = dice(wish.net);

  async function stop(task: Task): Promise<void> {
    task.stopping = true;
    const running = (await groundTruth(app)).running.filter((one) => one.worker === task.worker.name).length;
    task.worker.signal("SIGTERM");
    await Promise.race([task.worker.ended, pause(wish.stopTimeoutSeconds * 1_000)]);
    const exit = task.worker.result() ?? "SIGKILL";
    await task.worker.destroy();
    stopped.push({ name: task.worker.name, running, exit });
    gone.unshift({ arn: task.arn, at: clock.now(), code: "ServiceSchedulerInitiated", reason: "Scaling activity initiated by (deployment ecs-svc/1)" });
  }

  const taskOf = (one: Task): FleetTask => ({
    arn: one.arn,
    ip: one.ip,
    createdAt: one.createdAt,
    startedAt: one.createdAt,
    status: one.stopping ? "stopping" : "running",
    spot: false,
    protectedUntil: one.protectedUntil,
  });
  return {
    stopped,
    sent,
    desired: () => desired,
    live: () => here().map((one) => one.worker),
    fleets: {
      describe: async () => [
        {
          ref,
          at: clock.now(),
          desired,
          running: here().filter((one) => !one.stopping).length,
          pending: starts.length + wish.workers - tasks.length,
          deploying: undefined,
          tasks: undefined,
        },
      ],
      tasks: async (_, { arns } = {}) => {
        const asked = ({ arn }: { readonly arn: string }): boolean => arns === undefined || arns.includes(arn);
        return { live: here().map(taskOf).filter(asked), stopped: gone.filter(asked) };
      },
      list: async () =>
        here()
          .filter((one) => !one.stopping)
          .map((one) => taskOf(one).arn),
      rival: async () => undefined,
    },
    scaling: {
      setDesired: async (_, count) => {
        sent.push(count);
        for (let n = desired; n < count; n += 1) {
          starts.push(start(started).then((task) => void tasks.push(task)));
          started += 1;
        }
        desired = count;
        const free = here().filter((one) => !one.stopping && (one.protectedUntil === undefined || one.protectedUntil <= clock.now()));
        const surplus = here().filter((one) => !one.stopping).length - count;
        for (let n = 0; n < surplus && free.length > 0; n += 1) {
          const [victim] = free.splice(Math.floor(chance() * free.length), 1);
          if (victim !== undefined) stops.push(stop(victim));
        }
      },
      protect: async (_, arns, length) => {
        for (const one of tasks) if (arns.includes(one.arn)) one.protectedUntil = epochMs(clock.now() + length);
      },
      unprotect: async (_, arns) => {
        for (const one of tasks) if (arns.includes(one.arn)) one.protectedUntil = undefined;
      },
    },
    destroy: async () => {
      await Promise.all([...starts, ...stops]);
      await Promise.all(tasks.map((one) => one.worker.destroy()));
    },
  };
}

/** The same throws every time. */
function dice(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
