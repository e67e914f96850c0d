import { randomUUID } from "node:crypto";
import { type Connections, once, realConnections } from "@nightshift/aws/connect";
import { type Environment, type EnvironmentName, readEnvironment } from "@nightshift/aws/environment";
import { ledgerPorts } from "@nightshift/aws/ledger/index";
import { secretsFrom } from "@nightshift/aws/ssm-secrets";
import { type AwsWorld, awsWorld, type BrokerPortName, reachOf } from "@nightshift/aws/world";
import type { World } from "@nightshift/ports";
import { slackPorts } from "@nightshift/slack";

/** Variables that every function is given. */
const common = ["AWS_REGION", "STAGE", "LEDGER_TABLE", "AUDIT_TABLE"] as const;

/** The way that does not depend on Slack: whoever sends to Slack has it, too. */
const topics = ["PAGE_P1_TOPIC_ARN", "PAGE_P2_TOPIC_ARN", "PAGE_P3_TOPIC_ARN", "PAGE_P4_TOPIC_ARN"] as const;

/** Everything a function in Lambda can reach; `needs` are the variables beyond the common ones. Made once a cold start. */
export function lambdaWorld<N extends EnvironmentName>(needs: readonly N[]): AwsWorld {
  const environment = readEnvironment([...common, ...needs]);
  return worldOver(realConnections({ region: environment.AWS_REGION }), environment);
}

/** All ports but Slack's, over connections that are made once. */
function worldOver(connections: Connections, environment: Pick<Environment, (typeof common)[number]> & Partial<Environment>): AwsWorld {
  const { calls } = reachOf({ connections });
  const ledger = ledgerPorts(() => connections.dynamodb(), { ledger: environment.LEDGER_TABLE, audit: environment.AUDIT_TABLE }, calls);
  return awsWorld({ connections, environment, ledger });
}

/** The same with Slack, for the functions that send: the bot token is read from Parameter Store when it is needed. */
export function lambdaWorldWithSlack<N extends EnvironmentName>(needs: readonly N[]): Omit<World, BrokerPortName> {
  const environment = readEnvironment([...common, ...topics, "SLACK_TOKEN_PARAMETER", ...needs]);
  const connections = realConnections({ region: environment.AWS_REGION });
  const secrets = secretsFrom(reachOf({ connections }));
  return { ...worldOver(connections, environment), ...slackPorts({ token: () => secrets.read(environment.SLACK_TOKEN_PARAMETER) }) };
}

/**
 * The same with the users' own brokers, for the scaler alone: addresses are secrets in Parameter Store, and the clients of Redis,
 * RabbitMQ and SQS are loaded when the first broker of their kind is asked.
 */
export function lambdaWorldWithBrokers<N extends EnvironmentName>(needs: readonly N[]): AwsWorld & Pick<World, BrokerPortName> {
  const environment = readEnvironment([...common, "BROKER_PARAMETERS", ...needs]);
  const connections = realConnections({ region: environment.AWS_REGION });
  const world = worldOver(connections, environment);
  return { ...world, ...lazyBrokers(connections, environment.BROKER_PARAMETERS) };
}

function lazyBrokers(connections: Connections, parameters: string): Pick<World, BrokerPortName> {
  const reach = reachOf({ connections });
  const secrets = secretsFrom(reach);
  const brokers = once(async () => {
    const { createBrokers, realBrokerConnections } = await import("@nightshift/brokers");
    const read = (name: string) => secrets.read(`${parameters}${name}`);
    return createBrokers({ connections: realBrokerConnections, secrets: { read }, clock: reach.clock, newId: randomUUID });
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

/** Where we run, read from the ARN of our own durable function. */
export function ownAccount(): { readonly account: string; readonly region: string } {
  const { GUARD_FUNCTION_ARN } = readEnvironment(["GUARD_FUNCTION_ARN"]);
  const [, , , region = "", account = ""] = GUARD_FUNCTION_ARN.split(":");
  return { account, region };
}

/** Keeps what `make` made: connections outlive one invocation, and nothing is made before the first. */
export function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
