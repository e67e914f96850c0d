import { type Ms, ms, seconds } from "@nightshift/model";
import type { Kernel } from "../kernel.ts";
import type { Program, TaskProcess } from "../services/ecs/programs.ts";
import type { CeleryBroker } from "./broker.ts";
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

/** What a fleet is made of. */
export interface FleetParts {
  readonly broker: CeleryBroker;
  readonly queues: readonly string[];
  readonly spec: FleetSpec;
  /** A job ended on the ECS task with this ARN. */
  readonly finished: (task: string) => void;
  /** Why ECS stops the task with this ARN. */
  readonly stopping: (task: string) => { readonly code: string | undefined; readonly reason: string | undefined };
}

/** The Celery workers of one ECS service: one process in each task. */
export class CeleryFleet implements Program {
  readonly broker: CeleryBroker;
  readonly queues: readonly string[];
  readonly spec: FleetSpec;
  /** By the ARN of the ECS task. */
  readonly workers = new Map<string, CeleryWorker>();
  readonly #kernel: Kernel;
  readonly #parts: FleetParts;
  readonly #booting = new Set<string>();
  readonly #bottlenecks: { readonly slots: number; readonly from: number; readonly until: number }[] = [];
  #standing = true;

  constructor(kernel: Kernel, parts: FleetParts) {
    this.#kernel = kernel;
    this.#parts = parts;
    this.broker = parts.broker;
    this.queues = parts.queues;
    this.spec = parts.spec;
  }

  /** From now on a process that starts needs its time to boot; those before have run for long. */
  open(): void {
    this.#standing = false;
  }

  started(process: TaskProcess): void {
    if (this.#standing) {
      this.#boot(process);
      return;
    }
    this.#booting.add(process.task);
    this.#kernel.clock.in(this.spec.boot ?? seconds(5), () => {
      if (this.#booting.delete(process.task)) this.#boot(process);
    });
  }

  /** The history keeps what ECS ends, and what it was doing: a scale-in may end only what takes nothing and has nothing. */
  terminate({ task, service }: TaskProcess, exit: () => void): void {
    const worker = this.workers.get(task);
    this.#booting.delete(task);
    const { code = null, reason = null } = this.#parts.stopping(task);
    const doing = worker?.doing ?? { active: 0, reserved: 0, scheduled: 0, consuming: [] };
    this.#kernel.record({ kind: "world", what: "worker-terminated", about: service, detail: { task: idOf(task), code, reason, ...doing } });
    if (worker === undefined) exit();
    else worker.terminate(exit);
  }

  ended({ task, service }: TaskProcess): void {
    this.#booting.delete(task);
    const worker = this.workers.get(task);
    this.workers.delete(task);
    const { cutOff, lost } = worker?.kill() ?? { cutOff: 0, lost: 0 };
    if (cutOff === 0) return;
    const { code = null, reason = null } = this.#parts.stopping(task);
    this.#kernel.record({ kind: "world", what: "jobs-cut-off", about: service, detail: { task: idOf(task), code, reason, cutOff, lost } });
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

  #boot(process: TaskProcess): void {
    const worker = new CeleryWorker(this.#kernel.clock, this.broker, {
      // On Fargate the host name is made of the address (facts/scaling.md 2.5).
      name: `celery@ip-${process.ip.replaceAll(".", "-")}.${this.#kernel.region}.compute.internal`,
      ip: process.ip,
      queues: this.queues,
      concurrency: this.spec.concurrency,
      prefetch: this.spec.prefetch ?? 1,
      acksLate: this.spec.acksLate ?? false,
      running: (takes) => this.#lengthNow(takes),
      finished: () => this.#parts.finished(process.task),
    });
    this.workers.set(process.task, worker);
    this.broker.attach(worker);
  }

  #lengthNow(takes: Ms): Ms {
    const now = this.#kernel.clock.now();
    const narrow = this.#bottlenecks.find((one) => now >= one.from && now < one.until);
    return narrow === undefined ? takes : ms(Math.round(takes * Math.max(1, this.slots.busy / narrow.slots)));
  }
}

const idOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
