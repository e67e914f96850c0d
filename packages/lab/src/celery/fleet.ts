import { type Ms, ms, seconds } from "@nightshift/model";
import type { Kernel } from "../kernel.ts";
import type { TaskRecord } from "../services/ecs/records.ts";
import type { CeleryBroker } from "./broker.ts";
import type { TaskProcess } from "./process.ts";
import { CeleryWorker } from "./worker.ts";

/** How the tasks of one worker service run Celery. */
export interface FleetSpec {
  /** Host of the broker; made at first mention. */
  readonly broker?: string;
  readonly concurrency: number;
  /** `worker_prefetch_multiplier`; default 1. */
  readonly prefetch?: number;
  readonly acksLate?: boolean;
  /** From RUNNING to the first task taken: Python imports, the pool forks. Default 5 s (assumed). */
  readonly boot?: Ms;
}

/** Something that all tasks of a service need has room for so many at once; beyond that each takes longer, and more workers do not help. */
export interface Bottleneck {
  readonly slots: number;
  readonly from: Ms;
  readonly for: Ms;
}

/** One task's outcome, for who counts. */
export type Finished = (task: TaskRecord) => void;

/** What a fleet is made of. */
export interface FleetParts {
  readonly broker: CeleryBroker;
  readonly queues: readonly string[];
  readonly spec: FleetSpec;
  readonly finished: Finished;
}

/** The Celery workers of one ECS service: one process in each task. */
export class CeleryFleet {
  readonly broker: CeleryBroker;
  readonly queues: readonly string[];
  readonly spec: FleetSpec;
  readonly workers = new Map<TaskRecord, CeleryWorker>();
  readonly #kernel: Kernel;
  readonly #finished: Finished;
  readonly #bottlenecks: { readonly slots: number; readonly from: number; readonly until: number }[] = [];

  constructor(kernel: Kernel, { broker, queues, spec, finished }: FleetParts) {
    this.#kernel = kernel;
    this.#finished = finished;
    this.broker = broker;
    this.queues = queues;
    this.spec = spec;
  }

  /** Begins the process of a task that reached RUNNING; `already` when it has run for long. */
  start(task: TaskRecord, already: boolean): TaskProcess {
    let worker: CeleryWorker | undefined;
    let over = false;
    const boot = (): void => {
      if (over) return;
      worker = this.#boot(task);
    };
    if (already) boot();
    else this.#kernel.clock.in(this.spec.boot ?? seconds(5), boot);
    return {
      terminate: (leave) => {
        if (worker !== undefined) worker.terminate(leave);
        else {
          over = true;
          leave();
        }
      },
      kill: () => {
        over = true;
        if (worker !== undefined) this.#cutOff(task, worker);
      },
    };
  }

  /** Slots of all workers that are up, and how many of them are busy. */
  get slots(): { readonly all: number; readonly busy: number } {
    const up = [...this.workers.values()].filter((worker) => worker.state !== "gone");
    return { all: up.length * this.spec.concurrency, busy: up.reduce((sum, worker) => sum + worker.active.size, 0) };
  }

  /** Workers that take from no queue although they are up. */
  get draining(): number {
    return [...this.workers.values()].filter((worker) => worker.state === "up" && worker.consuming.size === 0).length;
  }

  expect({ slots, from, for: length }: Bottleneck): void {
    const begins = this.#kernel.clock.now() + from;
    this.#bottlenecks.push({ slots, from: begins, until: begins + length });
  }

  #boot(task: TaskRecord): CeleryWorker {
    const worker = new CeleryWorker(this.#kernel.clock, this.broker, {
      // On Fargate the host name is made of the address (facts/scaling.md 2.5).
      name: `celery@ip-${task.ip.replaceAll(".", "-")}.${this.#kernel.region}.compute.internal`,
      ip: task.ip,
      queues: this.queues,
      concurrency: this.spec.concurrency,
      prefetch: this.spec.prefetch ?? 1,
      acksLate: this.spec.acksLate ?? false,
      running: (takes) => this.#lengthNow(takes),
      finished: () => this.#finished(task),
    });
    this.workers.set(task, worker);
    this.broker.attach(worker);
    return worker;
  }

  #lengthNow(takes: Ms): Ms {
    const now = this.#kernel.clock.now();
    const narrow = this.#bottlenecks.find((one) => now >= one.from && now < one.until);
    return narrow === undefined ? takes : ms(Math.round(takes * Math.max(1, this.slots.busy / narrow.slots)));
  }

  #cutOff(task: TaskRecord, worker: CeleryWorker): void {
    const { cutOff, lost } = worker.kill();
    this.workers.delete(task);
    if (cutOff === 0) return;
    this.#kernel.record({
      kind: "world",
      what: "jobs-cut-off",
      about: task.service.name,
      detail: { task: task.id, code: task.stopCode ?? null, reason: task.stoppedReason ?? null, cutOff, lost },
    });
  }
}
