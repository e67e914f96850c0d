import { type EpochMs, type Ms, ms, seconds } from "@nightshift/model";
import type { Kernel } from "../kernel.ts";
import { hex } from "../world/chance.ts";
import { answerBroadcast, sayHeartbeat } from "./control.ts";
import { JobLog } from "./jobs.ts";
import { CeleryMessage, tagOf, UnackedEntry } from "./message.ts";
import { defaultTransport, queueKey, queueKeys, sharedNames, type TransportSettings } from "./names.ts";
import { RedisStore } from "./redis/store.ts";
import { Trouble } from "./trouble.ts";
import type { CeleryWorker } from "./worker.ts";

/** What an application publishes. */
export interface Publishing {
  readonly queue: string;
  readonly takes: Ms;
  readonly priority?: number;
  readonly eta?: EpochMs;
  /** Bytes of the body beyond the ordinary. */
  readonly padding?: number;
}

/** Any living worker puts expired messages back about so often: a sweep each 10 s of which one in ten does it (facts/scaling.md 2.1). */
const SWEEP = seconds(100);

/** A Redis server with a Celery application around it: published tasks, the workers that take them, and what the wire shows of both. */
export class CeleryBroker {
  readonly host: string;
  readonly store: RedisStore;
  readonly settings: TransportSettings;
  readonly jobs = new JobLog();
  readonly trouble: Trouble;
  readonly workers: CeleryWorker[] = [];
  readonly #kernel: Kernel;
  readonly #random: () => number;
  readonly #names: ReturnType<typeof sharedNames>;
  readonly #held = new Map<string, CeleryMessage>();
  readonly #ends = new Map<CeleryWorker, () => void>();

  constructor(kernel: Kernel, { host, ...settings }: { readonly host: string } & Partial<TransportSettings>) {
    this.#kernel = kernel;
    this.host = host;
    this.settings = { ...defaultTransport, ...settings };
    this.#names = sharedNames(this.settings);
    this.#random = kernel.random(`broker ${host}`);
    const startedAt = (kernel.clock.now() - 86_400_000) as EpochMs; // A moment minus a day.
    this.store = new RedisStore({ startedAt, runId: hex(this.#random, 40) });
    this.trouble = new Trouble(kernel, host);
    kernel.clock.every(SWEEP, () => this.#restoreExpired());
  }

  publish({ queue, takes, priority = 0, eta, padding = 0 }: Publishing): void {
    const job = this.jobs.add({ queue, takes, priority, eta, publishedAt: this.#kernel.clock.now() });
    this.store.count("lpush");
    this.store.push(queueKey(this.settings, queue, priority), new CeleryMessage(job, { padding }), "left");
    this.#offer(queue);
  }

  /** A worker process came up and connected: it takes messages, hears broadcasts and can be heard. */
  attach(worker: CeleryWorker): void {
    this.workers.push(worker);
    const { separator, pidbox, replyBindings } = this.#names;
    for (const queue of worker.consuming) this.store.make("set", replyBindings(queue)).add(`${queue}${separator}${separator}${queue}`);
    const { clock } = this.#kernel;
    this.#ends.set(
      worker,
      this.store.subscribe(pidbox, (text) => {
        // Workers answer after a few milliseconds (facts/scaling.md 2.4: 3 to 21).
        clock.in(ms(8), () => {
          if (worker.state !== "gone") answerBroadcast(this, worker, text);
        });
      }),
    );
    this.feed(worker);
  }

  forget(worker: CeleryWorker): void {
    const at = this.workers.indexOf(worker);
    if (at >= 0) this.workers.splice(at, 1);
    this.#ends.get(worker)?.();
    this.#ends.delete(worker);
  }

  /** Gives a worker what it wants, as far as there is any. */
  feed(worker: CeleryWorker): void {
    for (const queue of worker.consuming) {
      while (worker.wants(queue)) {
        const message = this.#pop(queue);
        if (message === undefined) break;
        this.#hand(worker, message);
      }
    }
  }

  acknowledge(message: CeleryMessage): void {
    const tag = tagOf(message.job);
    if (!this.#held.delete(tag)) return;
    this.store.count("zrem");
    this.store.count("hdel");
    this.#drop(tag);
  }

  /** Puts an unacknowledged message back where it is taken next. */
  restore(message: CeleryMessage): void {
    const tag = tagOf(message.job);
    if (!this.#held.delete(tag)) return;
    for (const command of ["zrem", "hdel", "rpush"]) this.store.count(command);
    this.#drop(tag);
    const { queue, priority } = message.job;
    this.store.push(queueKey(this.settings, queue, priority), message, "right");
    this.#offer(queue);
  }

  /** Hears heartbeats for a while: every worker says one in two seconds, here only while somebody listens. */
  beat(window: Ms): void {
    const { clock } = this.#kernel;
    const every = 2_000;
    for (const worker of this.workers) {
      const first = every - ((clock.now() - worker.startedAt) % every);
      for (let after = first; after <= window; after += every)
        clock.in(ms(after), () => {
          if (worker.state !== "gone") this.store.publish(this.#names.heartbeats, sayHeartbeat(worker, clock.now()));
        });
    }
  }

  /** Waiting in the lists of some queues, by the truth. */
  waiting(queues: readonly string[]): number {
    return queues.flatMap((queue) => queueKeys(this.settings, queue)).reduce((sum, key) => sum + (this.store.get("list", key)?.length ?? 0), 0);
  }

  /** Restarted with its data kept: the counters begin again. */
  restart(): void {
    this.store.restart({ at: this.#kernel.clock.now(), runId: hex(this.#random, 40) });
  }

  #pop(queue: string): CeleryMessage | undefined {
    for (const key of queueKeys(this.settings, queue)) {
      const item = this.store.popRight(key);
      if (item instanceof CeleryMessage) return item;
    }
    return undefined;
  }

  #offer(queue: string): void {
    for (;;) {
      const worker = this.workers.find((one) => one.wants(queue));
      const message = worker === undefined ? undefined : this.#pop(queue);
      if (worker === undefined || message === undefined) return;
      this.#hand(worker, message);
      // The one that took last waits longest for its next turn.
      const at = this.workers.indexOf(worker);
      if (at >= 0) this.workers.push(...this.workers.splice(at, 1));
    }
  }

  #hand(worker: CeleryWorker, message: CeleryMessage): void {
    const tag = tagOf(message.job);
    for (const command of ["brpop", "zadd", "hset"]) this.store.count(command);
    this.store.make("zset", this.#names.unackedIndex).set(tag, this.#kernel.clock.now() / 1_000);
    this.store.make("hash", this.#names.unacked).set(tag, new UnackedEntry(message));
    this.#held.set(tag, message);
    worker.take(message);
  }

  #drop(tag: string): void {
    this.store.get("zset", this.#names.unackedIndex)?.delete(tag);
    this.store.get("hash", this.#names.unacked)?.delete(tag);
    this.store.tidy(this.#names.unackedIndex);
    this.store.tidy(this.#names.unacked);
  }

  /** After the visibility timeout a message is taken for lost and put back, whoever still works on it. */
  #restoreExpired(): void {
    if (this.workers.length === 0) return;
    const before = (this.#kernel.clock.now() - this.settings.visibilityTimeout) / 1_000;
    for (const [tag, takenAt] of this.store.get("zset", this.#names.unackedIndex) ?? []) {
      // Taken in order: the first that is young enough ends the search, but for those that were put back meanwhile.
      if (takenAt > before) continue;
      const message = this.#held.get(tag);
      if (message !== undefined) this.restore(message);
    }
  }
}
