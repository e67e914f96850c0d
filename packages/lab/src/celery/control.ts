import type { EpochMs } from "@nightshift/model";
import type { CeleryBroker } from "./broker.ts";
import { type CeleryMessage, TASK_NAME, taskId } from "./message.ts";
import { sharedNames } from "./names.ts";
import type { CeleryWorker } from "./worker.ts";

/** A request of Celery's remote control, as far as the lab's workers read it. */
interface Broadcast {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly destination: readonly string[] | null;
  readonly ticket: string | undefined;
  readonly replyTo: { readonly exchange: string; readonly routingKey: string } | undefined;
}

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);
const said = (from: unknown, name: string): string | undefined => {
  const value = field(from, name);
  return typeof value === "string" ? value : undefined;
};

/** A broadcast's body, out of kombu's envelope or bare base64. */
function bodyOf(text: string): unknown {
  const parsed: unknown = JSON.parse(text.startsWith("{") ? text : Buffer.from(text, "base64").toString());
  const body = said(parsed, "body");
  if (body === undefined) return parsed;
  const plain = said(field(parsed, "properties"), "body_encoding") === "base64" ? Buffer.from(body, "base64").toString() : body;
  return JSON.parse(plain);
}

function readBroadcast(text: string): Broadcast {
  const body = bodyOf(text);
  const to = field(body, "destination");
  const reply = field(body, "reply_to");
  const given = field(body, "arguments");
  return {
    method: said(body, "method") ?? "",
    arguments: typeof given === "object" && given !== null ? { ...given } : {},
    destination: Array.isArray(to) ? to.map(String) : null,
    ticket: said(body, "ticket"),
    replyTo: reply === null || reply === undefined ? undefined : { exchange: said(reply, "exchange") ?? "", routingKey: said(reply, "routing_key") ?? "" },
  };
}

/** A worker hears a broadcast: does what it says if it is meant, and answers into the asker's reply queue. */
export function answerBroadcast(broker: CeleryBroker, worker: CeleryWorker, text: string): void {
  const asked = readBroadcast(text);
  const { name } = worker.options;
  if (asked.destination !== null && !asked.destination.includes(name)) return;
  const answer = carryOut(worker, asked);
  if (answer === undefined || asked.replyTo === undefined) return;
  const { exchange, routingKey } = asked.replyTo;
  const { replyBindings, separator } = sharedNames(broker.settings);
  for (const binding of broker.store.get("set", replyBindings(exchange)) ?? []) {
    const [key, , queue] = binding.split(separator);
    if (key !== routingKey || queue === undefined) continue;
    broker.store.count("lpush");
    broker.store.push(`${broker.settings.keyPrefix}${queue}`, envelope({ [name]: answer }, { exchange, routingKey, ticket: asked.ticket }), "left");
  }
}

/** What each command answers: "Workers Guide", section "Commands" (https://docs.celeryq.dev/en/stable/userguide/workers.html, read 2026-11-21), with the fields that facts/scaling.md 2.4 saw. */
function carryOut(worker: CeleryWorker, { method, arguments: given }: Broadcast): unknown {
  const queue = typeof given["queue"] === "string" ? given["queue"] : "";
  switch (method) {
    case "ping":
      return { ok: "pong" };
    case "active":
      return [...worker.active].map(([message, since]) => request(worker, message, since));
    case "reserved":
      return worker.reserved.map((message) => request(worker, message, undefined));
    case "scheduled":
      return [...worker.scheduled].map((message) => ({
        eta: new Date(message.job.eta ?? 0).toISOString().replace("Z", "+00:00"),
        priority: 6,
        request: request(worker, message, undefined),
      }));
    case "active_queues":
      return [...worker.consuming].map((name) => ({
        name,
        exchange: { name, type: "direct", durable: true, auto_delete: false },
        routing_key: name,
        durable: true,
        exclusive: false,
        auto_delete: false,
        no_ack: false,
      }));
    case "stats":
      return stats(worker);
    case "cancel_consumer":
      worker.cancel(queue);
      return { ok: `no longer consuming from ${queue}` };
    case "add_consumer":
      return { ok: worker.consume(queue) ? `add consumer ${queue}` : `already consuming from '${queue}'` };
    default:
      return { error: `Unknown control command '${method}'` };
  }
}

const request = (worker: CeleryWorker, { job }: CeleryMessage, since: EpochMs | undefined): object => ({
  id: taskId(job),
  name: TASK_NAME,
  args: [job.n],
  kwargs: {},
  type: TASK_NAME,
  hostname: worker.options.name,
  time_start: since === undefined ? null : since / 1_000,
  acknowledged: since !== undefined && !worker.options.acksLate,
  delivery_info: { exchange: "", routing_key: job.queue, priority: job.priority, redelivered: job.starts > 1 },
  worker_pid: since === undefined ? null : 20,
});

const stats = (worker: CeleryWorker): object => ({
  total: { [TASK_NAME]: worker.processed },
  pid: 1,
  clock: "1000",
  uptime: 0,
  pool: {
    implementation: "celery.concurrency.prefork:TaskPool",
    "max-concurrency": worker.options.concurrency,
    processes: Array.from({ length: worker.options.concurrency }, (_, i) => 20 + i),
    timeouts: [0, 0],
  },
  broker: { transport: "redis", hostname: "", port: 6379 },
  prefetch_count: Number.isFinite(worker.prefetchCount) ? worker.prefetchCount : 0,
});

/** `worker.heartbeat` as a worker publishes it every two seconds (facts/scaling.md 2.4). */
export const sayHeartbeat = (worker: CeleryWorker, now: EpochMs): string =>
  envelope(
    {
      hostname: worker.options.name,
      utcoffset: 0,
      pid: 1,
      clock: 1_000,
      freq: 2,
      active: worker.active.size,
      processed: worker.processed,
      loadavg: [0.1, 0.1, 0.1],
      sw_ident: "py-celery",
      sw_ver: "5.6.3",
      sw_sys: "Linux",
      timestamp: now / 1_000,
      type: "worker-heartbeat",
    },
    { exchange: "celeryev", routingKey: "worker.heartbeat", ticket: undefined },
  );

function envelope(body: unknown, to: { readonly exchange: string; readonly routingKey: string; readonly ticket: string | undefined }): string {
  return JSON.stringify({
    body: Buffer.from(JSON.stringify(body)).toString("base64"),
    "content-encoding": "utf-8",
    "content-type": "application/json",
    headers: to.ticket === undefined ? { hostname: "lab" } : { ticket: to.ticket, clock: 1_000 },
    properties: {
      delivery_mode: 1,
      delivery_info: { exchange: to.exchange, routing_key: to.routingKey },
      priority: 0,
      body_encoding: "base64",
      delivery_tag: "00000000-0002-4000-8000-000000000000",
    },
  });
}
