/// <reference path="../.sst/platform/config.d.ts" />
import type { Manifest, Severity } from "@nightshift/model";
import { brokerPorts, slackPorts } from "./policy.ts";

type Value = $util.Input<string>;

/** What functions are told about the deployment; secrets by the name of their parameter only. */
export interface Given {
  readonly ledgerTable: Value;
  readonly auditTable: Value;
  readonly evidenceBucket: Value;
  readonly pageTopicArns: Readonly<Record<Severity, Value>>;
  readonly deadLetterQueueUrl: Value;
  readonly eventsQueueUrl: Value;
  readonly outboxQueueUrl: Value;
  readonly commandsQueueUrl: Value;
  /** What stands before a broker secret's name in the name of its parameter. */
  readonly brokerParameters: string;
  readonly slackTokenParameter: Value;
  readonly slackSigningParameter: Value;
  /** The workspace and app that the door believes, and the names that commands may use: the door is too small to read the config. */
  readonly door: { readonly team: string; readonly app: string; readonly names: string } | undefined;
  /** Qualified ARNs of the durable functions, by automation. */
  readonly durable: Readonly<Record<string, Value>>;
  readonly scalerArn: Value;
  /** Undefined: nothing is backed up. */
  readonly backups: GivenBackups | undefined;
}

/** Where backups lie, and where their tasks run. */
export interface GivenBackups {
  readonly bucket: Value;
  readonly runnerCluster: Value;
  /** ARNs with their revision, by database, as JSON. */
  readonly runnerDefinitions: Value;
  /** The same of the tasks that restore: told to the restore alone. */
  readonly restoreDefinitions: Value;
  readonly network: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] } | undefined;
}

/** Ports that read or write the backup bucket. */
const storePorts: readonly string[] = ["shelf", "backupPruning", "configurationCopies"];

/** The variables of packages/aws/src/environment.ts that a function needs, from the ports it uses and what invokes it; no others. */
export function environmentOf({ name, uses, trigger }: Manifest, given: Given): Record<string, Value> {
  const if_ = (wanted: boolean, variables: Record<string, Value>): Record<string, Value> => (wanted ? variables : {});
  const uses_ = (port: string): boolean => uses.includes(port);
  const isDoor = trigger?.kind === "url";
  return {
    STAGE: $app.stage,
    LEDGER_TABLE: given.ledgerTable,
    AUDIT_TABLE: given.auditTable,
    // Ours to bundle, ours to answer for: the SDK's own retries stay off (decision 17).
    AWS_MAX_ATTEMPTS: "1",
    ...if_(uses_("evidence"), { EVIDENCE_BUCKET: given.evidenceBucket }),
    ...if_(uses_("pages"), Object.fromEntries(Object.entries(given.pageTopicArns).map(([severity, arn]) => [`PAGE_${severity}_TOPIC_ARN`, arn]))),
    ...if_(uses_("deadLetters"), { DEAD_LETTER_QUEUE_URL: given.deadLetterQueueUrl }),
    ...if_(uses_("ticks"), { EVENTS_QUEUE_URL: given.eventsQueueUrl, SCALER_FUNCTION_ARN: given.scalerArn }),
    ...if_(
      uses.some((port) => brokerPorts.includes(port)),
      { BROKER_PARAMETERS: given.brokerParameters },
    ),
    ...ofBackups(uses, given.backups),
    ...if_(name === "restore" && given.backups !== undefined, { RUNNER_RESTORE_DEFINITIONS: given.backups?.restoreDefinitions ?? "{}" }),
    ...if_(uses_("outbox"), { OUTBOX_QUEUE_URL: given.outboxQueueUrl }),
    ...if_(isDoor || uses.some((port) => slackPorts.includes(port)), { SLACK_TOKEN_PARAMETER: given.slackTokenParameter }),
    ...if_(isDoor, { COMMANDS_QUEUE_URL: given.commandsQueueUrl, SLACK_SIGNING_PARAMETER: given.slackSigningParameter }),
    ...(isDoor && given.door !== undefined ? { SLACK_TEAM: given.door.team, SLACK_APP: given.door.app, COMMAND_NAMES: given.door.names } : {}),
    ...if_(
      uses_("starter"),
      Object.fromEntries(Object.entries(given.durable).map(([name, arn]) => [`${name.toUpperCase().replaceAll("-", "_")}_FUNCTION_ARN`, arn])),
    ),
  };
}

function ofBackups(uses: readonly string[], backups: GivenBackups | undefined): Record<string, Value> {
  if (backups === undefined) return {};
  const { bucket, runnerCluster, runnerDefinitions, network } = backups;
  return {
    ...(uses.some((port) => storePorts.includes(port)) ? { BACKUP_BUCKET: bucket } : {}),
    ...(uses.includes("runners") ? { RUNNER_CLUSTER: runnerCluster, RUNNER_TASK_DEFINITIONS: runnerDefinitions } : {}),
    ...(uses.includes("runners") && network !== undefined
      ? { RUNNER_SUBNETS: network.subnets.join(","), RUNNER_SECURITY_GROUPS: network.securityGroups.join(",") }
      : {}),
  };
}
