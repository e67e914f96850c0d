import type { Ms } from "@nightshift/model";

/** One open connection to Redis, as narrow as the probe needs it. The lab and a test stand in here, below our own code. */
export interface RedisLink {
  /** One command and its reply as Redis sends it (bulk strings as text). Rejects with a `PortError` within its time limit. */
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>;
  /** Hears a pub/sub channel for `window` and returns what came, at most 10,000 messages. */
  listen(channel: string, window: Ms): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** One open AMQP 0-9-1 connection. */
export interface AmqpLink {
  /** A passive declare: what is ready and who consumes; undefined: there is no such queue. */
  check(queue: string): Promise<{ readonly ready: number; readonly consumers: number } | undefined>;
  /** Publishes one JSON text to a fanout exchange with a private reply queue bound to `replyExchange`, and returns the replies that came within `window`. */
  ask(request: AmqpQuestion, window: Ms): Promise<readonly string[]>;
  /** Hears what an exchange routes for `window`, through an exclusive queue of our own. */
  listen(exchange: { readonly name: string; readonly kind: "topic" | "fanout"; readonly key: string }, window: Ms): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A remote-control request over AMQP. */
export interface AmqpQuestion {
  readonly exchange: string;
  readonly body: string;
  /** Direct exchange and routing key that the answers are sent to. */
  readonly replyExchange: string;
  readonly replyKey: string;
  /** No answer is waited for beyond so many. */
  readonly atMost: number;
}

/** The management API: one GET a call. */
export interface ManagementLink {
  /** The status and the parsed body. Rejects with a `PortError` when there was no answer, or one that is not JSON. */
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Opens connections by address. Addresses hold passwords: never logged, never in an error. */
export interface BrokerConnections {
  redis(url: string): Promise<RedisLink>;
  amqp(url: string): Promise<AmqpLink>;
  management(url: string): ManagementLink;
}
