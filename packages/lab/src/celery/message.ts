import type { Job } from "./jobs.ts";

/** What `celery.app` calls the one task of the lab's application. */
export const TASK_NAME = "shop.tasks.work";

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

/**
 * One published task as kombu writes it into Redis, rendered when it is read: envelope with headers and properties as in
 * "Message Protocol" version 2 (https://docs.celeryq.dev/en/stable/internals/protocol.html, read 2026-11-21; field by field as
 * facts/scaling.md 2.1 saw them). There is no moment of publication in it.
 */
export class CeleryMessage {
  readonly job: Job;
  /** How long its body is, for probes that must not read large ones. */
  readonly padding: number;
  readonly #exchange: string;

  constructor(job: Job, { padding = 0, exchange = "" }: { readonly padding?: number; readonly exchange?: string } = {}) {
    this.job = job;
    this.padding = padding;
    this.#exchange = exchange;
  }

  get envelope(): object {
    const { job } = this;
    const id = taskId(job);
    return {
      body: base64([[job.n, "x".repeat(this.padding)], {}, { callbacks: null, errbacks: null, chain: null, chord: null }]),
      "content-encoding": "utf-8",
      "content-type": "application/json",
      headers: {
        lang: "py",
        task: TASK_NAME,
        id,
        shadow: null,
        eta: job.eta === undefined ? null : isoUtc(job.eta),
        expires: null,
        group: null,
        group_index: null,
        retries: 0,
        timelimit: [null, null],
        root_id: id,
        parent_id: null,
        argsrepr: `(${job.n},)`,
        kwargsrepr: "{}",
        origin: "gen1@ip-10-9-0-9.lab",
        ignore_result: false,
      },
      properties: {
        correlation_id: id,
        reply_to: "0b1c2d3e-0000-4000-8000-000000000000",
        delivery_mode: 2,
        delivery_info: { exchange: this.#exchange, routing_key: job.queue },
        priority: job.priority,
        body_encoding: "base64",
        delivery_tag: tagOf(job),
      },
    };
  }

  toString(): string {
    return JSON.stringify(this.envelope);
  }
}

/** What stands in the hash `unacked` for a message that a worker holds. */
export class UnackedEntry {
  readonly message: CeleryMessage;

  constructor(message: CeleryMessage) {
    this.message = message;
  }

  toString(): string {
    return JSON.stringify([this.message.envelope, "", this.message.job.queue]);
  }
}

/** Python's isoformat of an aware moment. */
const isoUtc = (at: number): string => new Date(at).toISOString().replace("Z", "000+00:00");
const numbered = (n: number, kind: string): string => `${n.toString(16).padStart(8, "0")}-${kind}-4000-8000-000000000000`;

/** A task's id: a UUID made of its number. */
export const taskId = (job: Job): string => numbered(job.n, "0000");
/** The delivery tag of a task's message. */
export const tagOf = (job: Job): string => numbered(job.n, "0001");
