/** What the stacks hand to a function, by the name of its environment variable. */
export interface Environment {
  readonly AWS_REGION: string;
  readonly STAGE: string;
  readonly LEDGER_TABLE: string;
  readonly AUDIT_TABLE: string;
  readonly EVIDENCE_BUCKET: string;
  /** One topic for all severities; where a severity has its own, that one is used. */
  readonly PAGE_TOPIC_ARN: string;
  readonly PAGE_P1_TOPIC_ARN: string;
  readonly PAGE_P2_TOPIC_ARN: string;
  readonly PAGE_P3_TOPIC_ARN: string;
  readonly PAGE_P4_TOPIC_ARN: string;
  readonly DEAD_LETTER_QUEUE_URL: string;
  readonly OUTBOX_QUEUE_URL: string;
  readonly COMMANDS_QUEUE_URL: string;
  /** Where events wait for the dispatcher: the scaler puts its own next looks there. */
  readonly EVENTS_QUEUE_URL: string;
  readonly GUARD_FUNCTION_ARN: string;
  readonly WAR_ROOM_FUNCTION_ARN: string;
  readonly NIGHT_FUNCTION_ARN: string;
  readonly SNAPSHOT_FUNCTION_ARN: string;
  readonly DRILL_FUNCTION_ARN: string;
  readonly RESTORE_FUNCTION_ARN: string;
  readonly SCALER_FUNCTION_ARN: string;
  /** What stands before a broker secret's name in the names of its parameters: `/nightshift/production/`. */
  readonly BROKER_PARAMETERS: string;
  /** Where backups lie: dumps, and copies of the configuration. */
  readonly BACKUP_BUCKET: string;
  readonly RUNNER_CLUSTER: string;
  /** Task definition of each database's runner, by the database's name in the config, as JSON. */
  readonly RUNNER_TASK_DEFINITIONS: string;
  /** The same of the tasks that restore, for databases that have a role for it. */
  readonly RUNNER_RESTORE_DEFINITIONS: string;
  /** Separated by commas. */
  readonly RUNNER_SUBNETS: string;
  readonly RUNNER_SECURITY_GROUPS: string;
  /** `ENABLED` where the runner's subnets reach the outside by addresses of their own; absent: DISABLED. */
  readonly RUNNER_PUBLIC_ADDRESS: string;
  readonly SLACK_TOKEN_PARAMETER: string;
  readonly SLACK_SIGNING_PARAMETER: string;
  readonly SLACK_TEAM: string;
  readonly SLACK_APP: string;
  readonly COMMAND_NAMES: string;
}

/** One variable's name. */
export type EnvironmentName = keyof Environment;

interface Form {
  readonly pattern: RegExp;
  readonly says: string;
}

const topic: Form = { pattern: /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w.-]+$/, says: "the ARN of an SNS topic" };
const queue: Form = { pattern: /^https?:\/\/\S+\/[\w.-]+$/, says: "the URL of an SQS queue" };
const durable: Form = {
  pattern: /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+:[\w$-]+$/,
  says: "a function ARN with version or alias: durable functions are invoked by one",
};
const bucket: Form = { pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, says: "an S3 bucket name" };
const definitions: Form = {
  pattern: /^\{("[\w.-]+":"arn:[\w-]+:ecs:[\w-]+:\d{12}:task-definition\/[\w-]{1,255}:\d+"(,(?=")|(?=\})))*\}$/,
  says: "ARNs of task definitions by the databases' names, as JSON",
};
const parameter: Form = { pattern: /^\/?[\w./-]+$/, says: "the name of an SSM parameter" };

const forms: { readonly [N in EnvironmentName]: Form } = {
  AWS_REGION: { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, says: "a region such as eu-central-1" },
  STAGE: { pattern: /^[A-Za-z0-9-]{1,40}$/, says: "a stage name of letters, digits and hyphens" },
  LEDGER_TABLE: { pattern: /^[\w.-]{3,255}$/, says: "a DynamoDB table name" },
  AUDIT_TABLE: { pattern: /^[\w.-]{3,255}$/, says: "a DynamoDB table name" },
  EVIDENCE_BUCKET: bucket,
  PAGE_TOPIC_ARN: topic,
  PAGE_P1_TOPIC_ARN: topic,
  PAGE_P2_TOPIC_ARN: topic,
  PAGE_P3_TOPIC_ARN: topic,
  PAGE_P4_TOPIC_ARN: topic,
  DEAD_LETTER_QUEUE_URL: queue,
  OUTBOX_QUEUE_URL: { pattern: /^https?:\/\/\S+\/[\w-]+\.fifo$/, says: "the URL of an SQS FIFO queue" },
  COMMANDS_QUEUE_URL: queue,
  EVENTS_QUEUE_URL: queue,
  GUARD_FUNCTION_ARN: durable,
  WAR_ROOM_FUNCTION_ARN: durable,
  NIGHT_FUNCTION_ARN: durable,
  SNAPSHOT_FUNCTION_ARN: durable,
  DRILL_FUNCTION_ARN: durable,
  RESTORE_FUNCTION_ARN: durable,
  SCALER_FUNCTION_ARN: { pattern: /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/, says: "a function ARN" },
  BROKER_PARAMETERS: { pattern: /^\/([\w.-]+\/)+$/, says: "the beginning of SSM parameter names, with a slash at both ends" },
  BACKUP_BUCKET: bucket,
  RUNNER_CLUSTER: { pattern: /^(arn:[\w-]+:ecs:[\w-]+:\d{12}:cluster\/)?[\w-]{1,255}$/, says: "an ECS cluster's name or ARN" },
  RUNNER_TASK_DEFINITIONS: definitions,
  RUNNER_RESTORE_DEFINITIONS: definitions,
  RUNNER_SUBNETS: { pattern: /^subnet-\w+(,subnet-\w+)*$/, says: "ids of subnets, separated by commas" },
  RUNNER_SECURITY_GROUPS: { pattern: /^sg-\w+(,sg-\w+)*$/, says: "ids of security groups, separated by commas" },
  RUNNER_PUBLIC_ADDRESS: { pattern: /^(ENABLED|DISABLED)$/, says: "ENABLED or DISABLED" },
  SLACK_TOKEN_PARAMETER: parameter,
  SLACK_SIGNING_PARAMETER: parameter,
  SLACK_TEAM: { pattern: /^T[A-Z0-9]{2,20}$/, says: "a Slack workspace's id such as T0123ABCD" },
  SLACK_APP: { pattern: /^A[A-Z0-9]{2,20}$/, says: "a Slack app's id such as A0123ABCD" },
  COMMAND_NAMES: { pattern: /^\{.*\}$/s, says: "the names that commands may use, as JSON" },
};

/** Every variable that is missing or malformed, in one message; values are never shown. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The function's environment is not as the stacks set it: ${problems.join("; ")}. Deploy again with \`npx sst deploy\`.`);
    this.problems = problems;
  }
}

/** What a function was given; what it was not given is absent. */
export type Given<N extends EnvironmentName> = Pick<Environment, N> & Partial<Environment>;

/**
 * What the stacks set, checked all at once: the one place that reads `process.env` for our own settings. `needed` must
 * be there; whatever else is there must be well formed too.
 * @throws {EnvironmentError} naming every problem.
 */
export function readEnvironment<N extends EnvironmentName>(needed: readonly N[], from: Readonly<Record<string, string | undefined>> = process.env): Given<N> {
  const problems: string[] = [];
  const read: Partial<Record<EnvironmentName, string>> = {};
  for (const name of names) {
    const value = from[name];
    const required = needed.some((one) => one === name);
    if (value === undefined || value === "") {
      if (required) problems.push(`${name} is not set (${forms[name].says})`);
    } else if (forms[name].pattern.test(value)) read[name] = value;
    else problems.push(`${name} is not ${forms[name].says}`);
  }
  if (problems.length > 0) throw new EnvironmentError(problems);
  // Every needed name was just read, which the loop cannot tell the compiler.
  return read as Given<N>;
}

// The cast only restores the keys' type, which Object.keys widens.
const names = Object.keys(forms) as readonly EnvironmentName[];
