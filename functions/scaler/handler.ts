import { once } from "@nightshift/aws/connect";
import { secretsFrom } from "@nightshift/aws/ssm-secrets";
import type { BrokerPortName } from "@nightshift/aws/world";
import { resolve } from "@nightshift/config";
import type { ProbeRequest } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { jsonLog } from "@nightshift/runtime/log";
import { newId } from "@nightshift/runtime/new-id";
import config from "../../nightshift.config.ts";
import { lambdaReach, onFirstUse } from "../world.ts";
import { scale } from "./entry.ts";

const { workers, budgets } = resolve(config);
const reached = () => lambdaReach(["EVENTS_QUEUE_URL", "BROKER_PARAMETERS", "WAR_ROOM_FUNCTION_ARN"]);
const world = onFirstUse(() => {
  const parts = reached();
  return { ...parts.world, ...lazyBrokers(parts) };
});

/**
 * The users' own brokers: their addresses are secrets in Parameter Store, and the clients of Redis, RabbitMQ and SQS are loaded when the
 * first broker of their kind is asked. Here and not in `world.ts`, so that no other function ships them.
 */
function lazyBrokers({ environment: { BROKER_PARAMETERS }, reach }: ReturnType<typeof reached>): Pick<World, BrokerPortName> {
  const secrets = secretsFrom(reach);
  const probeSqs = once(async () => (await import("@nightshift/aws/sqs-queues")).sqsProbeFrom(reach));
  const brokers = once(async () => {
    const { createBrokers, realBrokerConnections } = await import("@nightshift/brokers");
    const sqs = async (request: ProbeRequest) => (await probeSqs())(request);
    const read = (name: string) => secrets.read(`${BROKER_PARAMETERS}${name}`);
    return createBrokers({ connections: realBrokerConnections, secrets: { read }, clock: reach.clock, newId, sqs });
  });
  return {
    queues: { probe: async (asked) => (await brokers()).queues.probe(asked) },
    workers: {
      look: async (broker, names) => (await brokers()).workers.look(broker, names),
      stopConsuming: async (broker, name, queues) => (await brokers()).workers.stopConsuming(broker, name, queues),
      startConsuming: async (broker, name, queues) => (await brokers()).workers.startConsuming(broker, name, queues),
    },
  };
}

export const handler = (raw: unknown) => scale(raw, { world: world(), workers, budgets, log: jsonLog });
