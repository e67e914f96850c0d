import { type AwsGrant, awsGrants, ingressGrants, secretGrant } from "@nightshift/aws/grants";
import { type LedgerGrant, ledgerGrants } from "@nightshift/aws/ledger/grants";
import type { Manifest } from "@nightshift/model";
import { vaultGrants } from "@nightshift/vault/grants";

/** Pure: which statements each function's role gets, with `${…}` where the deployment's own names go. The IAM tables in docs are printed from it (stacks/policy-tables.ts). */

/** One statement of a policy, in IAM's words but for the names still to be filled in. */
export interface Statement {
  readonly effect: "allow" | "deny";
  readonly actions: readonly string[];
  /** ARNs with `${…}`, or `*` for actions that IAM cannot bind to a resource. */
  readonly resources: readonly string[];
  readonly conditions: readonly { readonly test: string; readonly variable: string; readonly values: readonly string[] }[];
  /** Why `*` is the only resource, where it is. */
  readonly why: readonly string[];
}

/** Conditions in the form of a policy document: `{ StringEquals: { "ecs:cluster": ["…"] } }`. */
type Conditions = NonNullable<AwsGrant["conditions"]>;

const allow = (actions: readonly string[], resources: readonly string[], conditions: Conditions = {}, why?: string): Statement => ({
  effect: "allow",
  actions,
  resources,
  conditions: listed(conditions),
  why: why === undefined ? [] : [why],
});
const deny = (actions: readonly string[], resources: readonly string[], conditions: Conditions = {}): Statement => ({
  ...allow(actions, resources, conditions),
  effect: "deny",
});
const granted = ({ actions, resources, conditions, why }: AwsGrant): Statement => allow(actions, resources, conditions, why);

const listed = (conditions: Conditions): Statement["conditions"] =>
  Object.entries(conditions).flatMap(([test, of]) => Object.entries(of).map(([variable, values]) => ({ test, variable, values })));

/** Everything one function may do: what its ports call, its own log, what invokes it, and what it must never do. */
export function statementsOf(manifest: Manifest): readonly Statement[] {
  return merge([...manifest.uses.flatMap((port) => ofPort(port, manifest.name)), ...ofInvocation(manifest), ...never(manifest)]);
}

/** Every action that any of these functions may do. */
export const everyAction = (of: readonly Manifest[]): readonly string[] =>
  [...new Set(of.flatMap((manifest) => statementsOf(manifest).flatMap(({ effect, actions }) => (effect === "allow" ? actions : []))))].toSorted();

/** Ports that Slack serves: each needs the bot token, which is one parameter. */
export const slackPorts: readonly string[] = ["chat", "rooms", "files", "directory", "replies"];

/** Ports that the users' own brokers serve: a function with one of them may have to stand in their VPC. */
export const brokerPorts: readonly string[] = ["queues", "workers"];

/** Ports that are no call of packages/aws: the clock, our own requests, Slack, and the store of backups. */
const elsewhere: Readonly<Record<string, readonly Statement[]>> = {
  clock: [],
  probes: [],
  shelf: Object.values(vaultGrants.shelf).map(granted),
  backupPruning: Object.values(vaultGrants.backupPruning).map(granted),
  ...Object.fromEntries(slackPorts.map((port) => [port, [granted(secretGrant)]])),
};

/**
 * Who may do what with ports that read, make and delete: making is the snapshot's, deleting the pruner's and, for drill targets, that of
 * the drill and of the sweep behind it. A function that is not named has the whole port; tasks that restore are started by the restore alone.
 */
const onlyMethods: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  tableBackups: { sampler: ["look", "list"], snapshot: ["look", "list", "take"], prune: ["look", "list", "delete"] },
  cacheBackups: { sampler: ["look", "list"], snapshot: ["look", "list", "take"], prune: ["look", "list", "delete"] },
  restores: { restore: ["restore"], "backup-sweep": ["delete"] },
  // Which task definitions run: no more of a service is saved.
  services: { snapshot: ["describe"] },
};

function ofPort(port: string, name: string): readonly Statement[] {
  const other = elsewhere[port];
  if (other !== undefined) return other;
  // Both tables are plain data with one entry a port; a name that neither has is reported below.
  const ledger = (ledgerGrants as Readonly<Record<string, Readonly<Record<string, readonly LedgerGrant[]>>>>)[port];
  if (ledger !== undefined)
    return Object.values(ledger)
      .flat()
      .map(({ table, actions, leadingKeys }) => allow(actions, [`\${${table}}`], { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": leadingKeys } }));
  const grants = (awsGrants as Readonly<Record<string, Readonly<Record<string, AwsGrant>>>>)[port];
  const methods = onlyMethods[port]?.[name];
  if (grants !== undefined)
    return Object.values(grants)
      .filter(({ method }) => methods?.includes(method) ?? true)
      .filter(({ resources }) => name === "restore" || !resources.some((resource) => /\$\{restore(Task|Role)\}/.test(resource)))
      .map(granted);
  throw new Error(`no grants are known for the port \`${port}\`; list them in packages/aws/src/grants.ts`);
}

function ofInvocation({ kind, trigger, uses }: Manifest): readonly Statement[] {
  const own = "arn:${partition}:lambda:${region}:${account}:function:${self}";
  return [
    // Instead of AWSLambdaBasicExecutionRole, which allows every log group of the account.
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], ["arn:${partition}:logs:${region}:${account}:log-group:/aws/lambda/${self}:*"]),
    // Instead of AWSLambdaBasicDurableExecutionRolePolicy; authorised on the execution, which belongs to one version
    // (Lambda developer guide, "Security and permissions for durable functions", read 2026-11-21).
    ...(kind === "durable" ? [allow(["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"], [`${own}:*/durable-execution/*`])] : []),
    ...(trigger?.kind === "queue"
      ? [allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"], [`\${${trigger.queue}}`])]
      : []),
    ...(uses.some((port) => brokerPorts.includes(port)) ? inVpc : []),
    ...(trigger?.kind === "url" ? ingressGrants.map(granted) : []),
    ...(trigger?.kind === "ledger-stream"
      ? [
          allow(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], ["${ledgerStream}"]),
          allow(["dynamodb:ListStreams"], ["*"], {}, "IAM binds this action to no resource"),
          allow(["sqs:SendMessage"], ["${deadLetters}"]),
        ]
      : []),
  ];
}

const INTERFACES = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"];

/**
 * What Lambda does with a function's role to put it into a VPC, instead of AWSLambdaVPCAccessExecutionRole. `${vpc}` is empty
 * where the config has no network, and then nothing of this is allowed.
 * Source: "Giving Lambda functions access to resources in an Amazon VPC", https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html, 2026-11-21.
 */
const inVpc: readonly Statement[] = [
  allow(INTERFACES, ["arn:${partition}:ec2:${region}:${account}:${vpc}"]),
  allow(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], ["*"], {}, "IAM binds this action to no resource"),
];

/** What the allow statements do not give anyway, said once more, so that a later mistake in them does not matter. */
function never({ uses }: Manifest): readonly Statement[] {
  const audit = deny(
    ["dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"],
    ["${audit}"],
  );
  // A redeploy sends the task definition alone: a shell into production is not part of going back.
  const exec = deny(["ecs:UpdateService"], ["*"], { StringEquals: { "ecs:enable-execute-command": ["true"] } });
  // Lambda makes the network interfaces, with our role and before our code runs; the code itself never does (same page).
  const interfaces = deny(INTERFACES, ["*"], { ArnEquals: { "lambda:SourceFunctionArn": ["arn:${partition}:lambda:${region}:${account}:function:${self}"] } });
  return [
    ...(uses.includes("audit") ? [audit] : []),
    ...(uses.includes("rollbacks") || uses.includes("scaling") ? [exec] : []),
    ...(uses.some((port) => brokerPorts.includes(port)) ? [interfaces] : []),
  ];
}

/** Statements that differ in their actions alone become one; so do their values of `dynamodb:LeadingKeys` when the actions are the same. */
function merge(statements: readonly Statement[]): readonly Statement[] {
  const byActions = group(
    statements,
    ({ effect, actions, resources, conditions }) =>
      JSON.stringify([effect, actions.toSorted(), resources, conditions.length === 1 ? conditions.map(({ test, variable }) => [test, variable]) : conditions]),
    joinValues,
  );
  const byPlace = group(byActions, ({ effect, resources, conditions }) => JSON.stringify([effect, resources, conditions]), joinActions);
  return byPlace.toSorted((a, b) => order(a).localeCompare(order(b)));
}

const order = ({ effect, resources, actions }: Statement): string => `${effect} ${actions[0]} ${resources[0]}`;
const union = (...lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())].toSorted();

function group(statements: readonly Statement[], key: (statement: Statement) => string, join: (a: Statement, b: Statement) => Statement): readonly Statement[] {
  const groups = new Map<string, Statement>();
  for (const statement of statements) {
    const before = groups.get(key(statement));
    groups.set(key(statement), before === undefined ? { ...statement, actions: union(statement.actions) } : join(before, statement));
  }
  return [...groups.values()];
}

const joinActions = (a: Statement, b: Statement): Statement => ({ ...a, actions: union(a.actions, b.actions), why: union(a.why, b.why) });

function joinValues(a: Statement, b: Statement): Statement {
  return {
    ...a,
    why: union(a.why, b.why),
    conditions: a.conditions.map((condition, at) => ({ ...condition, values: union(condition.values, b.conditions[at]?.values ?? []) })),
  };
}
