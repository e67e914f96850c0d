import { beforeAll, describe, expect, test } from "vitest";
import { manifests } from "../../functions/index.ts";
import { documentOf, type PolicyStatement, statementsByRole } from "./readable.ts";
import { type Stage, synthChild } from "./synth-child.ts";

let dev: Stage;
let production: Stage;
beforeAll(async () => {
  [dev, production] = await Promise.all([synthChild("dev"), synthChild("production")]);
});

const allowed = (stage: Stage, action: string): readonly (PolicyStatement & { readonly role: string })[] =>
  Object.entries(statementsByRole(stage)).flatMap(([role, statements]) =>
    statements.filter(({ Effect, Action }) => Effect === "Allow" && Action.includes(action)).map((statement) => ({ role, ...statement })),
  );
const rolesWith = (action: string): readonly string[] => [...new Set(allowed(dev, action).map(({ role }) => role))].toSorted();

describe("where backups lie", () => {
  test("the bucket keeps versions, is closed, and locks for the days of the config", () => {
    const { bucket } = production.get("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "BackupsLock");
    expect(production.get("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "BackupsLock").rule).toEqual({
      defaultRetention: { mode: "GOVERNANCE", days: 7 },
    });
    const [store] = production.of("aws:s3/bucket:Bucket").filter(({ inputs }) => inputs.bucket === bucket || inputs.objectLockEnabled === true);
    expect(store?.inputs).toMatchObject({ objectLockEnabled: true, forceDestroy: false });
    expect(production.get("aws:s3/bucketVersioning:BucketVersioning", "BackupsVersioning").versioningConfiguration).toEqual({ status: "Enabled" });
    expect(production.get("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "BackupsPublicAccessBlock")).toMatchObject({
      blockPublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  test("age alone deletes nothing that anybody still wants: uploads that died and what runs said on their way go after a day, all else after three years", () => {
    expect(production.get("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "BackupsLifecycle").rules).toEqual([
      {
        id: "backstop",
        status: "Enabled",
        filter: { prefix: "" },
        expiration: { days: 1_100 },
        noncurrentVersionExpiration: { noncurrentDays: 1_100 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
      {
        id: "runs of shop",
        status: "Enabled",
        filter: { prefix: "shop/runs/" },
        expiration: { days: 400 },
        noncurrentVersionExpiration: { noncurrentDays: 1 },
      },
    ]);
  });

  test("nobody reaches it in plain text", () => {
    const policies = dev.of("aws:s3/bucketPolicy:BucketPolicy").filter(({ name }) => name.startsWith("Backups"));
    expect(policies.map(({ inputs }) => documentOf(inputs.policy).some(({ Effect, Action }) => Effect === "Deny" && Action.includes("s3:*")))).toEqual([true]);
  });
});

describe("who may take a backup away", () => {
  test("stored objects: the prune function alone, and nobody may go around a lock", () => {
    expect(rolesWith("s3:DeleteObjectVersion")).toEqual(["PruneRole"]);
    expect(rolesWith("s3:DeleteObject")).toEqual(["PruneRole"]);
    expect(rolesWith("s3:BypassGovernanceRetention")).toEqual([]);
  });
  test("locks are made by the prune function alone, on what backups are made of, never for ever and never beyond what may be kept", () => {
    expect(rolesWith("s3:PutObjectRetention")).toEqual(["PruneRole"]);
    const [statement, ...more] = allowed(dev, "s3:PutObjectRetention");
    expect(more).toEqual([]);
    expect(JSON.stringify(statement?.Resource)).toMatch(/\/\*\/data\/\*"/);
    expect(statement?.Condition).toEqual([
      { test: "StringEquals", variable: "s3:object-lock-mode", values: ["GOVERNANCE"] },
      { test: "NumericLessThanEquals", variable: "s3:object-lock-remaining-retention-days", values: ["3650"] },
    ]);
  });
  test("snapshots and backups of tables and caches: the prune function alone", () => {
    expect(["rds:DeleteDBSnapshot", "dynamodb:DeleteBackup", "elasticache:DeleteSnapshot", "elasticache:DeleteServerlessCacheSnapshot"].map(rolesWith)).toEqual(
      [["PruneRole"], ["PruneRole"], ["PruneRole"], ["PruneRole"]],
    );
  });
  test("instances: only drill targets by name and tag, by the drill and by the sweep behind it", () => {
    const deleting = allowed(dev, "rds:DeleteDBInstance");
    expect(deleting.map(({ role }) => role).toSorted()).toEqual(["BackupSweepRole", "DrillHandlerRole"]);
    for (const { Resource, Condition } of deleting) {
      expect(Resource).toEqual(["arn:aws:rds:eu-west-1:123456789012:db:nightshift-verify-*"]);
      expect(Condition?.flatMap(({ variable }) => variable).toSorted()).toEqual(["aws:ResourceTag/nightshift:owner", "aws:ResourceTag/nightshift:purpose"]);
    }
  });
  test("the other functions could not be given it: their boundary denies it, and the deleters' names what is ours", () => {
    const boundary = (name: string) => documentOf(dev.get("aws:iam/policy:Policy", name).policy);
    const denied = boundary("Boundary").find(({ Effect }) => Effect === "Deny")?.Action ?? [];
    expect(["rds:Delete*", "s3:Delete*", "dynamodb:DeleteBackup", "elasticache:Delete*"].filter((action) => !denied.includes(action))).toEqual([]);
    expect(boundary("DeletingBoundary").flatMap(({ NotResource = [] }) => NotResource)).toEqual([
      "arn:*:rds:*:*:db:nightshift-verify-*",
      "arn:*:rds:*:*:snapshot:nightshift-*",
    ]);
    const bounded = (role: string) => String(dev.get("aws:iam/role:Role", role).permissionsBoundary).split("/").at(-1);
    expect(["PruneRole", "DrillHandlerRole", "BackupSweepRole"].map(bounded)).toEqual(Array.from({ length: 3 }, () => "nightshift-dev-deleting-boundary"));
    expect(["NightHandlerRole", "SnapshotHandlerRole", "SamplerRole", "RestoreHandlerRole"].map(bounded)).toEqual(
      Array.from({ length: 4 }, () => "nightshift-dev-boundary"),
    );
    expect(["RunnerShopRole", "RunnerShopStartRole"].map(bounded)).toEqual(["nightshift-dev-runner-boundary", "nightshift-dev-runner-boundary"]);
  });
});

describe("the runner", () => {
  test("its task adds to its database's folder and deletes nothing", () => {
    const statements = statementsByRole(dev)["RunnerShopRole"] ?? [];
    const adding = statements.filter(({ Effect, Action }) => Effect === "Allow" && Action.includes("s3:PutObject"));
    expect(adding.flatMap(({ Resource }) => Resource.map((one) => one.split("/").slice(-2).join("/")))).toEqual(["shop/*"]);
    expect(statements.filter(({ Effect }) => Effect === "Deny").flatMap(({ Action }) => Action)).toContain("s3:Delete*");
    expect(
      statements.filter(({ Effect, Action }) => Effect === "Allow" && Action.some((one) => /Delete|Retention$/.test(one) && one !== "s3:GetObjectRetention")),
    ).toEqual([]);
  });
  test("the address of a database goes from its parameter into its own task, and no function may read it", () => {
    const secret = "arn:aws:ssm:eu-west-1:123456789012:parameter/nightshift/dev/databases/ShopDatabase";
    const readers = Object.entries(statementsByRole(dev)).filter(([, statements]) =>
      statements.some(({ Effect, Resource }) => Effect === "Allow" && Resource.some((one) => one.includes("/databases/"))),
    );
    expect(readers.map(([role]) => role).toSorted()).toEqual(["RestoreRunnerShopStartRole", "RunnerShopStartRole"]);
    const [container] = JSON.parse(String(dev.get("aws:ecs/taskDefinition:TaskDefinition", "ShopRunner").containerDefinitions));
    expect(container).toMatchObject({ name: "runner", stopTimeout: 120, secrets: [{ name: "NIGHTSHIFT_DATABASE_URL", valueFrom: secret }] });
    expect(JSON.stringify(container)).not.toContain("test-database-password");
    expect(container.image).toBe("123456789012.dkr.ecr.eu-west-1.amazonaws.com/nightshift-dev-runner:postgres-17");
  });
  test("the address that can write is in the task of a restore alone: no night's role may read it, and no other function may start that task", () => {
    const secret = "arn:aws:ssm:eu-west-1:123456789012:parameter/nightshift/dev/databases/ShopRestore";
    const readers = Object.entries(statementsByRole(dev)).filter(([, statements]) =>
      statements.some(({ Effect, Resource }) => Effect === "Allow" && Resource.includes(secret)),
    );
    expect(readers.map(([role]) => role)).toEqual(["RestoreRunnerShopStartRole"]);
    const definitions = dev.of("aws:ecs/taskDefinition:TaskDefinition").filter(({ inputs }) => String(inputs.containerDefinitions).includes("ShopRestore"));
    expect(definitions.map(({ name }) => name)).toEqual(["RestoreRunnerShop"]);
    const definition = "arn:aws:ecs:eu-west-1:123456789012:task-definition/nightshift-dev-restore-runner-shop:1";
    expect(
      allowed(dev, "ecs:RunTask")
        .filter(({ Resource }) => Resource.includes(definition))
        .map(({ role }) => role),
    ).toEqual(["RestoreHandlerRole"]);
    const told = dev.of("aws:lambda/function:Function").filter(({ inputs }) => JSON.stringify(inputs.environment).includes("restore-runner-shop"));
    expect(told.map(({ name }) => name)).toEqual(["RestoreHandlerFunction"]);
    expect(
      allowed(dev, "iam:PassRole")
        .filter(({ Resource }) => Resource.some((one) => one.includes("restore-runner-shop")))
        .map(({ role }) => role),
    ).toEqual(["RestoreHandlerRole"]);
  });
  test("functions that start it know its cluster, its task definitions with their revision, and the network", () => {
    const { variables } = dev.get("aws:lambda/function:Function", "NightHandlerFunction").environment as { variables: Readonly<Record<string, string>> }; // Lambda's shape
    expect(variables).toMatchObject({
      RUNNER_CLUSTER: "nightshift-dev-runner",
      RUNNER_TASK_DEFINITIONS: '{"shop":"arn:aws:ecs:eu-west-1:123456789012:task-definition/nightshift-dev-runner-shop:1"}',
      RUNNER_SUBNETS: "subnet-0a1b2c3d4e5f60718,subnet-0b1c2d3e4f5061728",
      RUNNER_SECURITY_GROUPS: "sg-0a1b2c3d4e5f60718",
    });
    expect(
      allowed(dev, "iam:PassRole")
        .filter(({ role }) => role === "NightHandlerRole")
        .flatMap(({ Resource }) => Resource),
    ).toEqual(["arn:aws:iam::123456789012:role/nightshift-dev-runner-shop-start", "arn:aws:iam::123456789012:role/nightshift-dev-runner-shop"]);
  });
});

describe("when it happens", () => {
  test("a mirror is asked for on our bus, by a role that says nothing else there", () => {
    expect(dev.get("aws:scheduler/schedule:Schedule", "SnapshotMirrorShopApiSchedule").target).toMatchObject({
      arn: "arn:aws:events:eu-west-1:123456789012:event-bus/nightshift-dev-bus",
      eventbridgeParameters: { source: "nightshift.backups", detailType: "nightshift.mirror-asked" },
      input: '{"repository":"shop/api","scheduled":"<aws.scheduler.scheduled-time>"}',
    });
    expect(rolesWith("events:PutEvents")).toEqual(["MirrorSchedulesRole"]);
  });

  test("each night, snapshot and drill is a schedule of its own in UTC, into the events queue", () => {
    const ours = dev.of("aws:scheduler/schedule:Schedule").filter(({ inputs }) => inputs.groupName !== undefined);
    expect(Object.fromEntries(ours.map(({ inputs }) => [inputs.name, inputs.scheduleExpression]))).toEqual({
      "nightshift-dev-night.shop": "cron(0 2 * * ? *)",
      "nightshift-dev-snapshot.shop": "cron(0 2 * * ? *)",
      "nightshift-dev-drill.shop": "cron(0 4 1 * ? *)",
      "nightshift-dev-snapshot.carts": "cron(0 2 * * ? *)",
      "nightshift-dev-snapshot.sessions": "cron(0 2 * * ? *)",
      "nightshift-dev-snapshot.pictures": "cron(30 3 * * ? *)",
      "nightshift-dev-snapshot.configuration": "cron(30 3 * * ? *)",
      "nightshift-dev-mirror-737a40b9f8": "cron(30 3 * * ? *)",
    });
    for (const { inputs } of ours.filter(({ name }) => !name.includes("Mirror")))
      expect(inputs).toMatchObject({
        scheduleExpressionTimezone: "UTC",
        flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 5 },
        target: {
          arn: "arn:aws:sqs:eu-west-1:123456789012:nightshift-dev-events",
          input:
            '{"scheduleArn":"<aws.scheduler.schedule-arn>","scheduledTime":"<aws.scheduler.scheduled-time>","executionId":"<aws.scheduler.execution-id>","attemptNumber":"<aws.scheduler.attempt-number>"}',
        },
      });
  });

  test("a database without a proven backup for 28 hours rings, and so does silence; in shadow nobody waits for one", () => {
    expect(dev.get("aws:cloudwatch/metricAlarm:MetricAlarm", "ShopUnprovenAlarm")).toMatchObject({
      name: "nightshift-dev-shop-unproven",
      namespace: "Nightshift",
      metricName: "Unproven",
      dimensions: { Backup: "shop" },
      statistic: "Minimum",
      period: 3_600,
      evaluationPeriods: 24,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "breaching",
      actionsEnabled: false,
    });
  });

  test("a pruner that missed two days rings", () => {
    expect(dev.get("aws:cloudwatch/metricAlarm:MetricAlarm", "PruneMissingAlarm")).toMatchObject({ period: 86_400, evaluationPeriods: 2 });
    expect(manifests.filter(({ name }) => ["night", "snapshot", "drill", "sampler", "backup-sweep", "prune", "restore"].includes(name))).toHaveLength(7);
  });
});
