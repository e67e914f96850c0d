import type { BrokerReading, EpochMs, ProbeRequest } from "@nightshift/model";
import type { AmqpLink, ManagementLink } from "../connections.ts";

/** What a look at RabbitMQ needs. */
export interface RabbitProbeParts {
  readonly amqp: AmqpLink;
  /** Undefined: only what a passive declare and heartbeats tell. */
  readonly management: ManagementLink | undefined;
  /** Of the AMQP address: `vhostOf(url)`. */
  readonly vhost: string;
  readonly now: () => EpochMs;
}

/** One bounded look at the queues. */
export async function probeRabbit(parts: RabbitProbeParts, request: ProbeRequest): Promise<BrokerReading> {
  void request;
  return { kind: "unknown", at: parts.now(), broker: "rabbitmq", because: "not looked at" };
}
