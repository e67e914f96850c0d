/// <reference path="../.sst/platform/config.d.ts" />
import type { Manifest } from "@nightshift/model";
import { manifests } from "../functions/index.ts";
import { environmentOf, type Given } from "./environment.ts";
import { isProduction, logical, named } from "./names.ts";
import { permissionsOf, type Places } from "./permissions.ts";

/** What the functions stand on. */
export interface Ground {
  readonly ledger: sst.aws.Dynamo;
  readonly events: sst.aws.Queue;
  readonly deadLetters: sst.aws.Queue;
  readonly given: Given;
  readonly places: Places;
  readonly boundary: aws.iam.Policy;
}

/** One function a manifest. Durable ones first: the others are told their ARNs. */
export function functions(ground: Ground) {
  const durable = new Map(manifests.filter((manifest) => manifest.kind === "durable").map((manifest) => [manifest.name, durableFunction(manifest, ground)]));
  const arns = Object.fromEntries([...durable].map(([name, workflow]) => [name, qualified(workflow)]));
  for (const manifest of manifests) {
    if (manifest.kind === "durable") continue;
    const plain = plainFunction(manifest, { ...ground, given: { ...ground.given, durable: arns } });
    trigger(manifest, plain, ground);
  }
  return { durable: arns };
}

/** A durable function is invoked by version, never by its bare ARN; executions under way stay on theirs. */
const qualified = (workflow: sst.aws.Workflow) => $interpolate`${workflow.arn}:${workflow.qualifier}`;

function common(manifest: Manifest, { given, places, boundary }: Ground) {
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
  // A storm of events may not use up the account; a small account has too little concurrency to reserve any.
  const concurrency = manifest.trigger?.kind === "queue" && isProduction() ? { concurrency: { reserved: 50 } } : {};
  return new sst.aws.Function(logical(manifest.name), { ...args, ...concurrency, timeout: `${manifest.timeoutSeconds} seconds` });
}

function trigger(manifest: Manifest, invoked: sst.aws.Function, { ledger, events, deadLetters, boundary }: Ground): void {
  const on = manifest.trigger;
  if (on === undefined) throw new Error(`functions/${manifest.name}/manifest.ts: a plain function needs a trigger`);
  switch (on.kind) {
    case "queue":
      new aws.lambda.EventSourceMapping(`${logical(manifest.name)}Queue`, {
        eventSourceArn: events.arn,
        functionName: invoked.arn,
        batchSize: on.batch,
        maximumBatchingWindowInSeconds: on.windowSeconds,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: 50 },
      });
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
            args.permissionsBoundary = boundary.arn;
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
