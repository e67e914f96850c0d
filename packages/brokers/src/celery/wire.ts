/**
 * The format of Celery's remote control, the same for every transport.
 * Source: kombu 5.6.2 `kombu/pidbox.py` (`Mailbox._publish`, `Node.dispatch`) and celery 5.6.3 `celery/worker/control.py`,
 * read on 2026-11-21; kombu 5.2.4 and celery 5.2.6 say the same.
 */

/** Fanout exchange that every worker's control mailbox is bound to (`control_exchange`, with `celery` as its default). */
export const controlExchange = "celery.pidbox";
/** Direct exchange that workers answer to. */
export const replyExchange = "reply.celery.pidbox";
/** Exchange of worker events (`event_exchange`), and the routing key of heartbeats in it. */
export const eventExchange = "celeryev";
/** Routing key of the heartbeat that each worker sends every 2 s. */
export const heartbeatKey = "worker.heartbeat";

/** What workers are asked or told. */
export type ControlMethod = "active" | "reserved" | "scheduled" | "stats" | "active_queues" | "cancel_consumer" | "add_consumer";

/** One request to workers. */
export interface ControlRequest {
  readonly method: ControlMethod;
  readonly arguments: Readonly<Record<string, string | boolean>>;
  /** Node names; empty: every worker. */
  readonly to: readonly string[];
  /** Comes back in the header of each answer where the transport keeps headers. */
  readonly ticket: string;
  /** Routing key of our private reply queue in `replyExchange`. */
  readonly replyKey: string;
}

/** One worker's answer: a list for what it was asked, `{ ok }` or `{ error }` for what it was told. */
export interface ControlAnswer {
  readonly worker: string;
  readonly says: unknown;
}

/** The JSON text of a request: the body of an AMQP message (`content_type: application/json`, `content_encoding: utf-8`). */
export function controlMessage(asked: ControlRequest): string {
  return JSON.stringify({
    method: asked.method,
    arguments: asked.arguments,
    destination: asked.to.length === 0 ? null : asked.to,
    pattern: null,
    matcher: null,
    ticket: asked.ticket,
    reply_to: { exchange: replyExchange, routing_key: asked.replyKey },
  });
}

/** Reads answers, each the JSON text of one reply (`{"celery@host": …}`). What cannot be read is left out: an absent answer means unknown. */
export function readAnswers(texts: readonly string[]): readonly ControlAnswer[] {
  return texts.flatMap((text) => {
    const reply = readJson(text);
    return isRecord(reply) ? Object.entries(reply).map(([worker, says]) => ({ worker, says })) : [];
  });
}

/** Whether a worker said that it did what it was told. */
export const saidOk = (answer: ControlAnswer): boolean => isRecord(answer.says) && "ok" in answer.says && !("error" in answer.says);

/** JSON that somebody else wrote; undefined when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object with names, not a list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);
