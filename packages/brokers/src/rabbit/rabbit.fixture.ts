import { type BrokerReading, type EpochMs, epochMs, type Ms, type ProbeRequest } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { AmqpLink, ManagementLink } from "../connections.ts";
import { probeRabbit } from "./probe.ts";

/** One queue of a fake RabbitMQ. */
export interface FakeQueue {
  readonly ready: number;
  readonly unacked?: number;
  readonly consumers?: number;
  readonly publish?: number;
  readonly ack?: number;
  readonly deliver?: number;
  /** Messages a second that its statistics show, in and out together. */
  readonly rate?: number;
  readonly priorities?: Readonly<Record<string, number>>;
  /** Channels that consume it; each under a limit of the channel unless `ownLimit`. */
  readonly channels?: readonly string[];
  readonly ownLimit?: boolean;
}

/**
 * A RabbitMQ of a test: its queues change at once for AMQP, and for the management API only when `renew` is called, as its
 * statistics do every few seconds.
 */
export class FakeRabbit {
  readonly #live = new Map<string, FakeQueue>();
  #told = new Map<string, FakeQueue>();
  readonly limits = new Map<string, number>();
  /** What workers say on `celeryev`. */
  heartbeats: readonly string[] = [];
  /** Every AMQP call fails with it. */
  away: PortError | undefined;
  /** A passive declare of this queue fails with it. */
  readonly broken = new Map<string, PortError>();
  /** The management API answers so instead; by the beginning of the path. */
  readonly answers = new Map<string, { readonly status: number; readonly body: unknown } | PortError>();
  started = epochMs(Date.UTC(2026, 10, 21, 3, 20, 0));
  pid = "17";
  now: EpochMs = epochMs(Date.UTC(2026, 10, 21, 9, 0, 0));
  readonly asked: string[] = [];
  readonly listened: { readonly key: string; readonly window: Ms }[] = [];

  set(name: string, queue: FakeQueue): this {
    this.#live.set(name, queue);
    return this;
  }

  /** The statistics catch up with the queues. */
  renew(): this {
    this.#told = new Map(this.#live);
    return this;
  }

  readonly amqp: AmqpLink = {
    check: async (queue) => {
      const failure = this.away ?? this.broken.get(queue);
      if (failure !== undefined) throw failure;
      const live = this.#live.get(queue);
      return live && { ready: live.ready, consumers: live.consumers ?? 0 };
    },
    ask: async () => {
      throw new Error("the probe asks workers nothing");
    },
    listen: async ({ key }, window) => {
      if (this.away !== undefined) throw this.away;
      this.listened.push({ key, window });
      return this.heartbeats;
    },
    close: async () => undefined,
  };

  readonly management: ManagementLink = {
    get: async (path) => {
      this.asked.push(path.replace(/\?.*/, ""));
      for (const [start, answer] of this.answers) {
        if (!path.startsWith(start)) continue;
        if (answer instanceof PortError) throw answer;
        return answer;
      }
      if (path.startsWith("/api/nodes/")) return { status: 200, body: { name: "rabbit@a", os_pid: this.pid, uptime: this.now - this.started } };
      if (path.startsWith("/api/vhosts/")) return { status: 200, body: [...this.limits].map(([name, limit]) => ({ name, global_prefetch_count: limit })) };
      const told = this.#told.get(decodeURIComponent(/^\/api\/queues\/[^/]+\/([^?]+)/.exec(path)?.[1] ?? ""));
      return told === undefined ? { status: 404, body: { error: "Object Not Found" } } : { status: 200, body: statisticsOf(told) };
    },
  };
}

/** As RabbitMQ 3.10.8 says it, shortened to what was asked for. */
const statisticsOf = (queue: FakeQueue): object => ({
  node: "rabbit@a",
  messages_ready: queue.ready,
  messages_unacknowledged: queue.unacked ?? 0,
  consumers: queue.consumers ?? 0,
  message_stats: {
    ...(queue.publish === undefined ? {} : { publish: queue.publish, publish_details: { rate: queue.rate ?? 0 } }),
    ...(queue.ack === undefined ? {} : { ack: queue.ack, ack_details: { rate: 0 } }),
    ...(queue.deliver === undefined ? {} : { deliver_get: queue.deliver, deliver_get_details: { rate: 0 } }),
  },
  ...(queue.priorities === undefined ? {} : { backing_queue_status: { priority_lengths: queue.priorities } }),
  consumer_details: (queue.channels ?? []).map((name) => ({ prefetch_count: queue.ownLimit === true ? 8 : 0, channel_details: { name } })),
});

/** A look at it, in the virtual host `shop/eu`; `without` its management API. */
export const look = (
  rabbit: FakeRabbit,
  queues: readonly string[],
  change: Partial<ProbeRequest> & { readonly without?: boolean } = {},
): Promise<BrokerReading> => {
  const { without = false, ...request } = change;
  const place = { amqp: rabbit.amqp, management: without ? undefined : rabbit.management, vhost: "shop/eu", clock: { now: () => rabbit.now } };
  return probeRabbit(place, { broker: { kind: "rabbitmq", secret: "S", managementSecret: "M" }, queues, heartbeats: false, acksLate: false, ...request });
};

/** A reading that is none fails the test. */
export const seen = (reading: BrokerReading) => {
  if (reading.kind !== "seen") throw new Error(`expected a reading, got: ${reading.because}`);
  return reading;
};

/** Waiting, reserved, running and due later of each queue. */
export const held = (reading: BrokerReading) =>
  seen(reading).queues.map(({ waiting, reserved, running, dueLater }) => [waiting?.value, reserved?.value, running?.value, dueLater?.value]);

/** A heartbeat as Celery sends it. */
export const beat = (hostname: string, active: number): string => JSON.stringify({ type: "worker-heartbeat", hostname, active, processed: 7, clock: 1 });
