/// <reference path="../.sst/platform/config.d.ts" />
import type { Resolved } from "@nightshift/config";
import type { Manifest } from "@nightshift/model";
import { manifests } from "../functions/index.ts";
import { type Boundaries, deletes } from "./boundary.ts";
import { environmentOf, type Given } from "./environment.ts";
import { here, isProduction, logical, named } from "./names.ts";
import { permissionsOf, type Places } from "./permissions.ts";
import { brokerPorts } from "./policy.ts";

/** What the functions stand on. */
export interface Ground {
  readonly ledger: sst.aws.Dynamo;
  readonly queues: Readonly<Record<"events" | "outbox" | "commands", sst.aws.Queue>>;
  readonly deadLetters: sst.aws.Queue;
  readonly given: Given;
  readonly places: Places;
  readonly boundaries: Boundaries;
  /** Where functions that reach brokers stand; undefined: outside of any VPC. */
  readonly network: Resolved["network"];
}

/** What decides whether a function is there at all. */
export type There = Pick<Given, "door" | "backups">;

/** Without a workspace to believe there is no door, and where nothing is backed up nothing need be. */
export const isDeployed = (manifest: Manifest, { door, backups }: There): boolean =>
  (manifest.trigger?.kind !== "url" || door !== undefined) && (!isOfBackups(manifest) || backups !== undefined);

/** Functions whose business are backups: they keep the book of them. Who reads queues has other business, too. */
const isOfBackups = ({ uses, trigger: on }: Manifest): boolean => uses.includes("backupBook") && on?.kind !== "queue";
const boundaryOf = (manifest: Manifest, { boundaries }: Ground): aws.iam.Policy => (deletes(manifest) ? boundaries.deleting : boundaries.common);

/** One function a manifest. @returns the address of the door to Slack, where there is one. */
export function functions(ground: Ground): $util.Output<string> | undefined {
  let door: $util.Output<string> | undefined;
  for (const manifest of manifests) {
    if (!isDeployed(manifest, ground.given)) continue;
    if (manifest.kind === "durable") {
      const durable = durableFunction(manifest, ground);
      live(manifest, durable);
      letRecur(manifest, durable.name);
      continue;
    }
    const plain = plainFunction(manifest, ground);
    letRecur(manifest, plain.name);
    if (manifest.trigger.kind === "url") door = plain.url;
    else trigger(manifest, plain, ground);
  }
  return door;
}

const LIVE = "live";

/**
 * A durable function is invoked by version or alias, never by its bare ARN; executions under way stay on the version they
 * began with. The alias makes a name that is known before the function is: one may start itself or another that starts it.
 * Source: "Invoking durable functions", https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking.html, read 2026-11-21.
 */
function live(manifest: Manifest, workflow: sst.aws.Workflow): void {
  new aws.lambda.Alias(`${logical(manifest.name)}Live`, {
    name: LIVE,
    description: "What new executions run.",
    functionName: workflow.name,
    functionVersion: workflow.qualifier.apply((version) => {
      if (version === undefined) throw new Error(`functions/${manifest.name} has no published version; durable functions are invoked by one`);
      return version;
    }),
  });
}

/**
 * The notifier puts what is left to say back into its own queue, and a war room hands over to a fresh execution of itself:
 * after about 16 rounds Lambda would take either for an endless loop and stop it. Both are bounded by what is left to do.
 * Source: "Use Lambda recursive loop detection to prevent infinite loops", https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html, read 2026-11-21.
 */
function letRecur({ name, uses, kind, trigger: on }: Manifest, functionName: $util.Input<string>): void {
  const refillsItself = on?.kind === "queue" && uses.includes(on.queue);
  const startsItself = kind === "durable" && uses.includes("starter");
  if (refillsItself || startsItself) new aws.lambda.FunctionRecursionConfig(`${logical(name)}Recursion`, { functionName, recursiveLoop: "Allow" });
}

/** The scaler's own name is known before the function is, so that those it is called by need not wait for it. */
export function scalerArn(): $util.Output<string> {
  const { partition, region, account } = here();
  return $interpolate`arn:${partition}:lambda:${region}:${account}:function:${named("scaler")}`;
}

/** Qualified ARNs of the durable functions, by automation. */
export function durableArns(): Readonly<Record<string, $util.Output<string>>> {
  const { partition, region, account } = here();
  const durable = manifests.filter(({ kind }) => kind === "durable");
  return Object.fromEntries(durable.map(({ name }) => [name, $interpolate`arn:${partition}:lambda:${region}:${account}:function:${named(name)}:${LIVE}`]));
}

function common(manifest: Manifest, ground: Ground) {
  const { given, places } = ground;
  const boundary = boundaryOf(manifest, ground);
  return {
    name: named(manifest.name),
    description: manifest.does,
    handler: `functions/${manifest.name}/handler.handler`,
    runtime: "nodejs24.x" as const,
    architecture: "arm64" as const,
    memory: `${manifest.memoryMb} MB` as const,
    // SST's documentation says minified by default, its build does not; splitting keeps lazy clients out of the cold start.
    nodejs: { minify: true, splitting: true },
    logging: { format: "json" as const, retention: "3 months" as const },
    environment: environmentOf(manifest, given),
    permissions: permissionsOf(manifest, places),
    transform: {
      role: (args: aws.iam.RoleArgs): undefined => {
        onlyWhatIsListed(args, boundary);
      },
    },
  };
}

/** SST attaches AWS's managed policies, which allow any log group and any durable execution; the listed statements replace them. */
function onlyWhatIsListed(args: aws.iam.RoleArgs, boundary: aws.iam.Policy): void {
  args.managedPolicyArns = [];
  args.permissionsBoundary = boundary.arn;
}

function durableFunction(manifest: Manifest, ground: Ground): sst.aws.Workflow {
  const { transform, ...args } = common(manifest, ground);
  return new sst.aws.Workflow(logical(manifest.name), {
    ...args,
    transform: { function: transform },
    timeout: { invocation: `${manifest.timeoutSeconds} seconds`, execution: `${manifest.executionTimeoutMinutes ?? 60} minutes` },
    // An execution's name makes its start idempotent only while it is retained (Lambda developer guide, "Idempotency", read 2026-11-21).
    retention: "30 days",
  });
}

function plainFunction(manifest: Manifest, ground: Ground): sst.aws.Function {
  const args = common(manifest, ground);
  const most = atOnce(manifest);
  // A storm may not use up the account; a small account has too little concurrency to reserve any.
  const concurrency = most !== undefined && isProduction() ? { concurrency: { reserved: most } } : {};
  // Anybody may knock: who is let in is decided by the signature. No browser calls it.
  const url = manifest.trigger?.kind === "url" ? { url: { authorization: "none" as const, cors: false } } : {};
  return new sst.aws.Function(logical(manifest.name), {
    ...args,
    ...concurrency,
    ...url,
    ...placeOf(manifest, ground),
    timeout: `${manifest.timeoutSeconds} seconds`,
  });
}

/** Brokers answer only inside their VPC; nothing else of ours needs to stand in one. */
function placeOf({ uses }: Manifest, { network }: Ground) {
  if (network === undefined || !uses.some((port) => brokerPorts.includes(port))) return {};
  return { vpc: { privateSubnets: [...network.subnets], securityGroups: [...network.securityGroups] } };
}

/**
 * How many of it may run at once. Five dispatchers take 5,000 events a second; more of them would only contend for the row of the incident
 * that a storm makes. Slack's own limits make more senders useless; more than ten people at the door at once are an attack.
 */
function atOnce({ trigger: on }: Manifest): number | undefined {
  if (on?.kind === "url") return 10;
  return on?.kind === "queue" ? { events: 5, outbox: 20, commands: 10 }[on.queue] : undefined;
}

function trigger(manifest: Manifest, invoked: sst.aws.Function, { ledger, queues, deadLetters, boundaries }: Ground): void {
  const on = manifest.trigger;
  if (on === undefined) throw new Error(`functions/${manifest.name}/manifest.ts: a plain function needs a trigger`);
  switch (on.kind) {
    case "queue":
      new aws.lambda.EventSourceMapping(`${logical(manifest.name)}Queue`, {
        eventSourceArn: queues[on.queue].arn,
        functionName: invoked.arn,
        batchSize: on.batch,
        // FIFO queues have no window (Lambda developer guide, "Lambda parameters for Amazon SQS event source mappings", read 2026-11-21).
        ...(on.windowSeconds === 0 ? {} : { maximumBatchingWindowInSeconds: on.windowSeconds }),
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: atOnce(manifest) ?? 50 },
      });
      return;
    case "url":
      return;
    case "ledger-stream":
      new aws.lambda.EventSourceMapping(`${logical(manifest.name)}Stream`, {
        eventSourceArn: ledger.nodes.table.streamArn,
        functionName: invoked.arn,
        startingPosition: "TRIM_HORIZON",
        batchSize: 100,
        bisectBatchOnFunctionError: true,
        // About an hour with Lambda's backoff; what was left unsent is also found by the sweep.
        maximumRetryAttempts: 20,
        maximumRecordAgeInSeconds: 21_600,
        filterCriteria: { filters: [{ pattern: JSON.stringify({ dynamodb: { Keys: { pk: { S: on.keyPrefixes.map((prefix) => ({ prefix })) } } } }) }] },
        destinationConfig: { onFailure: { destinationArn: deadLetters.arn } },
      });
      return;
    case "schedule":
      new sst.aws.CronV2(`${logical(manifest.name)}Schedule`, {
        function: invoked,
        schedule: scheduleOf(on.expression),
        retries: 2,
        dlq: deadLetters.arn,
        transform: {
          role: (args) => {
            args.permissionsBoundary = boundaries.common.arn;
          },
          schedule: (args) => {
            args.name = named(manifest.name);
            args.description = manifest.does;
          },
        },
      });
  }
}

/** `rate(…)` or `cron(…)`, as SST's types ask. */
function scheduleOf(expression: string): `rate(${string})` | `cron(${string})` {
  // The check is the cast's reason.
  if (/^(rate|cron)\(.+\)$/.test(expression)) return expression as `rate(${string})`;
  throw new Error(`a schedule is rate(…) or cron(…), not ${expression}`);
}
