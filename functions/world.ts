import { type Connections, realConnections } from "@nightshift/aws/connect";
import { type Environment, type EnvironmentName, readEnvironment } from "@nightshift/aws/environment";
import { ledgerPorts } from "@nightshift/aws/ledger/index";
import { secretsFrom } from "@nightshift/aws/ssm-secrets";
import {
  type AwsWorldWithoutBackups,
  awsWorldWithoutBackups,
  type BackupPortName,
  type BrokerPortName,
  reachOf,
  type VaultPortName,
} from "@nightshift/aws/world-without-backups";
import type { World } from "@nightshift/ports";
import { slackPorts } from "@nightshift/slack";

/** Variables that every function is given. */
const common = ["AWS_REGION", "STAGE", "LEDGER_TABLE", "AUDIT_TABLE"] as const;

/** The way that does not depend on Slack: whoever sends to Slack has it, too. */
const topics = ["PAGE_P1_TOPIC_ARN", "PAGE_P2_TOPIC_ARN", "PAGE_P3_TOPIC_ARN", "PAGE_P4_TOPIC_ARN"] as const;

/** Everything a function in Lambda can reach; `needs` are the variables beyond the common ones. Made once a cold start. */
export function lambdaWorld<N extends EnvironmentName>(needs: readonly N[]): AwsWorldWithoutBackups {
  const environment = readEnvironment([...common, ...needs]);
  return worldOver(realConnections({ region: environment.AWS_REGION }), environment);
}

/** All ports but Slack's, over connections that are made once. */
function worldOver(connections: Connections, environment: Pick<Environment, (typeof common)[number]> & Partial<Environment>): AwsWorldWithoutBackups {
  const { calls } = reachOf({ connections });
  const ledger = ledgerPorts(() => connections.dynamodb(), { ledger: environment.LEDGER_TABLE, audit: environment.AUDIT_TABLE }, calls);
  return awsWorldWithoutBackups({ connections, environment, ledger });
}

/** The same with Slack, for the functions that send: the bot token is read from Parameter Store when it is needed. */
export function lambdaWorldWithSlack<N extends EnvironmentName>(needs: readonly N[]): Omit<World, BrokerPortName | VaultPortName | BackupPortName> {
  const environment = readEnvironment([...common, ...topics, "SLACK_TOKEN_PARAMETER", ...needs]);
  const connections = realConnections({ region: environment.AWS_REGION });
  const secrets = secretsFrom(reachOf({ connections }));
  return { ...worldOver(connections, environment), ...slackPorts({ token: () => secrets.read(environment.SLACK_TOKEN_PARAMETER) }) };
}

/** The same, with what a function needs that reaches further by itself: its environment and its calls. */
export function lambdaReach<N extends EnvironmentName>(needs: readonly N[]): LambdaReach<N> {
  const environment = readEnvironment([...common, ...needs]);
  const connections = realConnections({ region: environment.AWS_REGION });
  return { world: worldOver(connections, environment), environment, reach: reachOf({ connections }) };
}

/** A world, and what it is built from. */
interface LambdaReach<N extends EnvironmentName> {
  readonly world: AwsWorldWithoutBackups;
  readonly environment: Pick<Environment, N>;
  readonly reach: ReturnType<typeof reachOf>;
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
