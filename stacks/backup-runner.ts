/// <reference path="../.sst/platform/config.d.ts" />
import type { BackupSettings, DatabaseSettings } from "@nightshift/model";
import { here, isProduction, logical, named } from "./names.ts";
import { databaseSecrets } from "./secrets.ts";
import { runnerStatements } from "./store-policy.ts";

/** The container's name, which the functions' `RunTask` overrides (packages/aws/src/ecs-runners.ts). */
const CONTAINER = "runner";
/** Two processors and 8 GiB: dump, hash and restore keep two busy; a scratch server and 149 MB of Node fit (facts/backups.md 0). */
const SIZE = { cpu: "2048", memory: "8192" } as const;

/** What the runner's tasks are made of. */
export interface Runner {
  readonly cluster: aws.ecs.Cluster;
  readonly repository: aws.ecr.Repository;
  /** Task definition of each database, by its name. */
  readonly definitions: Readonly<Record<string, aws.ecs.TaskDefinition>>;
  readonly roles: readonly aws.iam.Role[];
  /** The same of the tasks that restore, for each database that has a role for it. */
  readonly restoring: Pick<Runner, "definitions" | "roles">;
}

/**
 * The one-off tasks that dump, prove and restore: a task definition for each database, with an image of its server's major version, a role
 * that may start it and read that database's one secret, and a role that may add to that database's folder and delete nothing. What restores
 * has a definition and roles of its own: the task of a night never holds an address that can write.
 */
export function runner({ databases }: BackupSettings, store: sst.aws.Bucket, boundary: aws.iam.Policy): Runner {
  const cluster = new aws.ecs.Cluster("RunnerCluster", { name: named("runner") });
  const repository = new aws.ecr.Repository("RunnerImages", {
    name: named("runner"),
    imageScanningConfiguration: { scanOnPush: true },
    forceDelete: !isProduction(),
  });
  const logs = new aws.cloudwatch.LogGroup("RunnerLogs", { name: `/nightshift/${$app.stage}/runner`, retentionInDays: 90 });
  const secrets = databaseSecrets(databases);
  const shared = { store, boundary, logs, repository };
  const restored = databases.flatMap((database) => (database.restoreUrl === undefined ? [] : [{ database, restoring: secrets[database.restoreUrl] }]));
  return {
    cluster,
    repository,
    ...tasksOf(databases.map((database) => ({ ...shared, database, secret: secrets[database.url], restoring: undefined }))),
    restoring: tasksOf(restored.map(({ database, restoring }) => ({ ...shared, database, secret: secrets[database.url], restoring }))),
  };
}

function tasksOf(grounds: readonly Ground[]): Runner["restoring"] {
  const each = grounds.map((ground) => {
    const execution = executionRole(ground);
    const task = taskRole(ground);
    return { name: ground.database.name, definition: definitionOf(ground, execution, task), roles: [execution, task] };
  });
  return { definitions: Object.fromEntries(each.map(({ name, definition }) => [name, definition])), roles: each.flatMap(({ roles }) => roles) };
}

/** `postgis/postgis:17-3.5` → `postgis-postgis-17-3.5`: the tag in our repository of the runner made from it. */
const runnerTag = (image: string): string => image.replaceAll(/[^\w.-]+/g, "-").slice(0, 128);

interface Ground {
  readonly database: DatabaseSettings;
  readonly store: sst.aws.Bucket;
  readonly boundary: aws.iam.Policy;
  readonly logs: aws.cloudwatch.LogGroup;
  readonly repository: aws.ecr.Repository;
  readonly secret: aws.ssm.Parameter | undefined;
  /** The address of the role that restores; undefined: the task of a night, which has none. */
  readonly restoring: aws.ssm.Parameter | undefined;
}

/** `runner-shop`, and `restore-runner-shop` of what restores. */
const nameOf = ({ database: { name }, restoring }: Ground): string => (restoring === undefined ? `runner-${name}` : `restore-runner-${name}`);

function definitionOf(ground: Ground, execution: aws.iam.Role, task: aws.iam.Role): aws.ecs.TaskDefinition {
  const { database, store, logs, repository, secret, restoring } = ground;
  const { name, image, gates, assertions, withoutExtensions, proveEvery } = database;
  const proof = JSON.stringify({ gates, assertions, withoutExtensions, proveEvery });
  const places = $util.all([store.name, logs.name, repository.repositoryUrl, here().region, addressOf(database)]);
  const container = $util.all([places, secret?.arn, restoring?.arn]).apply(([[bucket, group, images, region, host], url, restoreUrl]) => ({
    name: CONTAINER,
    image: `${images}:${runnerTag(image)}`,
    essential: true,
    // Asked to stop it ends its dump, its upload and its scratch server; Fargate grants two minutes at most.
    stopTimeout: 120,
    linuxParameters: { initProcessEnabled: true },
    environment: [
      { name: "NIGHTSHIFT_STORE", value: `s3://${bucket}` },
      { name: "NIGHTSHIFT_PROOF_SETTINGS", value: proof },
      { name: "NIGHTSHIFT_TARGET_HOSTS", value: targetHosts(host) },
      { name: "AWS_REGION", value: region },
    ],
    secrets: [
      { name: "NIGHTSHIFT_DATABASE_URL", valueFrom: url },
      ...(restoreUrl === undefined ? [] : [{ name: "NIGHTSHIFT_RESTORE_URL", valueFrom: restoreUrl }]),
    ],
    logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": group, "awslogs-region": region, "awslogs-stream-prefix": name } },
  }));
  return new aws.ecs.TaskDefinition(restoring === undefined ? `${logical(name)}Runner` : `RestoreRunner${logical(name)}`, {
    family: named(nameOf(ground)),
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    ...SIZE,
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
    executionRoleArn: execution.arn,
    taskRoleArn: task.arn,
    containerDefinitions: container.apply((one) => JSON.stringify([one])),
  });
}

/** Where the instance answers; an empty text where none is named. */
const addressOf = ({ instance }: DatabaseSettings): $util.Output<string> =>
  instance === undefined ? $util.output("") : aws.rds.getInstanceOutput({ dbInstanceIdentifier: instance }).address;

/** Where its password may go: to the instance, and to what Nightshift restores beside it, in the same account and region. */
const targetHosts = (address: string): string => {
  const end = address.split(".").slice(1).join(".");
  return end === "" ? "" : [address, `nightshift-verify-*.${end}`, `nightshift-restore-*.${end}`].join(",");
};

/** What ECS starts the task with: its image, its log, and the secrets of this database alone; that of the restores only where it restores. */
function executionRole(ground: Ground): aws.iam.Role {
  const { boundary, logs, repository, secret, restoring } = ground;
  const secrets = [secret, restoring].flatMap((one) => one?.arn ?? []);
  const policy = aws.iam.getPolicyDocumentOutput({
    statements: [
      { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      { actions: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"], resources: [repository.arn] },
      { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [$interpolate`${logs.arn}:*`] },
      ...(secrets.length === 0 ? [] : [{ actions: ["ssm:GetParameters"], resources: secrets }]),
    ],
  });
  return roleOf(`${nameOf(ground)}-start`, policy.json, boundary);
}

/** What the task itself may do: add to its database's folder and read it back. */
function taskRole(ground: Ground): aws.iam.Role {
  const { database, store, boundary } = ground;
  const statements = store.arn.apply((arn) => runnerStatements(arn, database.name));
  const policy = aws.iam.getPolicyDocumentOutput({ statements });
  return roleOf(nameOf(ground), policy.json, boundary);
}

function roleOf(name: string, policy: $util.Input<string>, boundary: aws.iam.Policy): aws.iam.Role {
  const { account } = here();
  const trust = aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sts:AssumeRole"],
        principals: [{ type: "Service", identifiers: ["ecs-tasks.amazonaws.com"] }],
        conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [account] }],
      },
    ],
  });
  return new aws.iam.Role(`${logical(name)}Role`, {
    name: named(name).slice(0, 64),
    assumeRolePolicy: trust.json,
    permissionsBoundary: boundary.arn,
    inlinePolicies: [{ name: "runner", policy }],
  });
}
