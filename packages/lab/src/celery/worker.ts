import { type EpochMs, ms, type Ms } from "@nightshift/model";
import type { LabClock } from "../kernel.ts";
import type { CeleryBroker } from "./broker.ts";
import type { CeleryMessage } from "./message.ts";

/** How a worker process is started. */
export interface WorkerOptions {
  /** `celery@ip-10-0-1-23.eu-central-1.compute.internal` */
  readonly name: string;
  readonly ip: string;
  readonly queues: readonly string[];
  /** `-c`. */
  readonly concurrency: number;
  /** `worker_prefetch_multiplier`; 0: without limit. */
  readonly prefetch: number;
  readonly acksLate: boolean;
  /** How long a task takes that begins now, and what the world makes of its end. */
  readonly running: (takes: Ms) => Ms;
  readonly finished?: () => void;
}

/**
 * One Celery worker process: takes messages up to its prefetch, runs as many as it has slots, acknowledges early or late,
 * holds what is not due yet, and finishes what runs when it is told to stop (facts/scaling.md 2.1 and 2.5; "Workers Guide",
 * https://docs.celeryq.dev/en/stable/userguide/workers.html, read 2026-11-21).
 */
export class CeleryWorker {
  readonly options: WorkerOptions;
  readonly startedAt: EpochMs;
  /** Queues it takes from now. */
  readonly consuming: Set<string>;
  /** Begun and not ended. */
  readonly active = new Map<CeleryMessage, EpochMs>();
  /** Taken, due, and not begun, oldest first. */
  readonly reserved: CeleryMessage[] = [];
  /** Taken, and not due yet. */
  readonly scheduled = new Set<CeleryMessage>();
  /** Begun since the process started, as Celery counts it. */
  processed = 0;
  state: "up" | "stopping" | "gone" = "up";
  readonly #clock: LabClock;
  readonly #broker: CeleryBroker;
  #leave: (() => void) | undefined;

  constructor(clock: LabClock, broker: CeleryBroker, options: WorkerOptions) {
    this.#clock = clock;
    this.#broker = broker;
    this.options = options;
    this.startedAt = clock.now();
    this.consuming = new Set(options.queues);
  }

  /** How many unacknowledged messages it may hold: each one that waits for its time adds one (kombu QoS; facts/scaling.md 2.1). */
  get prefetchCount(): number {
    const { prefetch, concurrency } = this.options;
    return prefetch === 0 ? Number.POSITIVE_INFINITY : prefetch * concurrency + this.scheduled.size;
  }

  /** Messages it took and has not acknowledged. */
  get unacked(): number {
    return this.reserved.length + this.scheduled.size + (this.options.acksLate ? this.active.size : 0);
  }

  /** What it has in hand, and what it takes from. */
  get doing(): { readonly active: number; readonly reserved: number; readonly scheduled: number; readonly consuming: readonly string[] } {
    return { active: this.active.size, reserved: this.reserved.length, scheduled: this.scheduled.size, consuming: [...this.consuming] };
  }

  wants(queue: string): boolean {
    return this.state === "up" && this.consuming.has(queue) && this.unacked < this.prefetchCount;
  }

  take(message: CeleryMessage): void {
    const { eta } = message.job;
    const wait = eta === undefined ? 0 : eta - this.#clock.now();
    if (wait <= 0) {
      this.reserved.push(message);
      this.#work();
      return;
    }
    this.scheduled.add(message);
    this.#clock.in(ms(wait), () => {
      if (this.state !== "up" || !this.scheduled.delete(message)) return;
      this.reserved.push(message);
      this.#work();
    });
  }

  /** `cancel_consumer`: says whether it took from this queue until now. */
  cancel(queue: string): boolean {
    return this.consuming.delete(queue);
  }

  /** `add_consumer`: says whether it did not take from it until now. */
  consume(queue: string): boolean {
    if (this.state !== "up" || this.consuming.has(queue)) return false;
    this.consuming.add(queue);
    this.#broker.feed(this);
    return true;
  }

  /** SIGTERM, a warm shutdown: takes nothing more, finishes what runs, puts the rest back, then leaves. */
  terminate(leave: () => void): void {
    if (this.state !== "up") return;
    this.state = "stopping";
    this.#leave = leave;
    this.#leaveWhenDone();
  }

  /** SIGKILL: what runs is cut off, and what it held stays unacknowledged. */
  kill(): { readonly cutOff: number; readonly lost: number } {
    if (this.state === "gone") return { cutOff: 0, lost: 0 };
    const cutOff = [...this.active.keys()];
    for (const { job } of cutOff) {
      job.killed += 1;
      if (!this.options.acksLate && job.finishedAt === undefined) job.lost = true;
    }
    this.#goneFor();
    return { cutOff: cutOff.length, lost: this.options.acksLate ? 0 : cutOff.length };
  }

  #work(): void {
    while (this.active.size < this.options.concurrency) {
      const message = this.reserved.shift();
      if (message === undefined) break;
      this.#begin(message);
    }
  }

  #begin(message: CeleryMessage): void {
    const now = this.#clock.now();
    this.active.set(message, now);
    this.processed += 1;
    message.job.starts += 1;
    message.job.startedAt ??= now;
    if (!this.options.acksLate) this.#broker.acknowledge(message);
    this.#clock.in(this.options.running(message.job.takes), () => this.#end(message));
  }

  #end(message: CeleryMessage): void {
    if (this.state === "gone") return;
    this.active.delete(message);
    message.job.finishedAt ??= this.#clock.now();
    if (this.options.acksLate) this.#broker.acknowledge(message);
    this.options.finished?.();
    if (this.state === "stopping") {
      this.#leaveWhenDone();
      return;
    }
    this.#work();
    this.#broker.feed(this);
  }

  #leaveWhenDone(): void {
    if (this.active.size > 0) return;
    const back = [...this.scheduled, ...this.reserved.toReversed()];
    for (const message of back) this.#broker.restore(message);
    const leave = this.#leave;
    this.#goneFor();
    leave?.();
  }

  #goneFor(): void {
    this.state = "gone";
    this.active.clear();
    this.reserved.length = 0;
    this.scheduled.clear();
    this.#broker.forget(this);
  }
}
