import { tags } from "@nightshift/model";
import { type AwsGrant, call, everywhere, unbound } from "./grant.ts";
import { owner } from "./tags.ts";

const here = (service: string, what: string): string => `arn:\${partition}:${service}:\${region}:\${account}:${what}`;
/** In the regions that copies go to. */
const there = (what: string): string => `arn:\${partition}:rds:\${copyRegion}:\${account}:${what}`;

const tagged = { StringEquals: { [`aws:RequestTag/${tags.owner}`]: [owner] } };
const ours = { StringEquals: { [`aws:ResourceTag/${tags.owner}`]: [owner] } };

// What we make is named so; snapshots that RDS makes by itself begin with `rds:`.
const ourSnapshots = [here("rds", "snapshot:nightshift-*"), there("snapshot:nightshift-*")];
const sources = [here("rds", "snapshot:nightshift-*"), here("rds", "snapshot:rds:*")];
const verifyTargets = here("rds", "db:nightshift-verify-*");
const targets = [verifyTargets, here("rds", "db:nightshift-restore-*")];

const readInstances = (method: string): AwsGrant => call(method, "rds:DescribeDBInstances", [here("rds", "db:*")]);
const readSnapshots = (method: string): AwsGrant =>
  call(method, "rds:DescribeDBSnapshots", [here("rds", "db:*"), here("rds", "snapshot:*"), there("db:*"), there("snapshot:*")]);

/** A tag that goes along with what is made. */
const tagging = (method: string, service: "rds" | "elasticache", resources: readonly string[]): AwsGrant => ({
  method,
  calls: [],
  actions: [`${service}:AddTagsToResource`],
  resources,
  conditions: tagged,
});

/**
 * RDS takes the key of an encrypted database in the caller's name. AWS's own key needs no grant.
 * Source: "AWS KMS key management", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html, 2026-11-21.
 */
const useOfKey = (method: string): AwsGrant => ({
  method,
  calls: [],
  actions: ["kms:CreateGrant"],
  resources: ["${databaseKey}"],
  conditions: {
    Bool: { "kms:GrantIsForAWSResource": ["true"] },
    StringEquals: { "kms:ViaService": ["rds.${region}.amazonaws.com", "rds.${copyRegion}.amazonaws.com"] },
  },
});
const lookAtKey = (method: string): AwsGrant => ({ method, calls: [], actions: ["kms:DescribeKey"], resources: ["${databaseKey}"] });

/** Owner tag, and never open to the outside. */
const restored = { ...tagged, Bool: { "rds:PubliclyAccessible": ["false"] } };
const restoredWith = [here("rds", "og:*"), here("rds", "pg:*"), here("rds", "subgrp:${restoreSubnetGroup}")];

const database = {
  databases: {
    instance: readInstances("instance"),
    snapshots: readSnapshots("snapshots"),
    snapshot: readSnapshots("snapshot"),
    quota: everywhere("quota", "rds:DescribeAccountAttributes", unbound),
    disposable: readInstances("disposable"),
  },
  snapshotTaking: {
    take: { ...call("take", "rds:CreateDBSnapshot", [here("rds", "db:${database}"), here("rds", "snapshot:nightshift-*")]), conditions: tagged },
    tagTaken: tagging("take", "rds", ourSnapshots),
    seeStanding: readSnapshots("take"),
    // The source's region is asked by a signed request without tags, so that the owner tag is demanded of the copy alone.
    copyFrom: call("copy", "rds:CopyDBSnapshot", sources),
    copyTo: { ...call("copy", "rds:CopyDBSnapshot", [there("snapshot:nightshift-*")]), conditions: tagged },
    tagCopied: tagging("copy", "rds", ourSnapshots),
    seeSource: readSnapshots("copy"),
    useOfKey: useOfKey("copy"),
    lookAtKey: lookAtKey("copy"),
  },
  snapshotPruning: {
    see: readSnapshots("delete"),
    delete: { ...call("delete", "rds:DeleteDBSnapshot", ourSnapshots), conditions: ours },
  },
  restores: {
    fromSnapshot: { ...call("restore", "rds:RestoreDBInstanceFromDBSnapshot", [...targets, ...sources, ...restoredWith]), conditions: restored },
    toMoment: {
      ...call("restore", "rds:RestoreDBInstanceToPointInTime", [...targets, here("rds", "db:${database}"), ...restoredWith]),
      conditions: restored,
    },
    tagRestored: tagging("restore", "rds", targets),
    seeStanding: readInstances("restore"),
    useOfKey: useOfKey("restore"),
    lookAtKey: lookAtKey("restore"),
    see: readInstances("delete"),
    delete: {
      ...call("delete", "rds:DeleteDBInstance", [verifyTargets]),
      conditions: { StringEquals: { ...ours.StringEquals, [`aws:ResourceTag/${tags.purpose}`]: ["verify", "drill"] } },
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, AwsGrant>>>>;

const groupSnapshots = here("elasticache", "snapshot:nightshift-*");
const serverlessSnapshots = here("elasticache", "serverlesscachesnapshot:nightshift-*");
const anySnapshots = [here("elasticache", "snapshot:*"), here("elasticache", "serverlesscachesnapshot:*")];
const lookAtGroup = (method: string): AwsGrant => call(method, "elasticache:DescribeReplicationGroups", [here("elasticache", "replicationgroup:${cache}")]);
const lookAtServerless = (method: string): AwsGrant => call(method, "elasticache:DescribeServerlessCaches", [here("elasticache", "serverlesscache:${cache}")]);
const listGroup = (method: string): AwsGrant => call(method, "elasticache:DescribeSnapshots", [here("elasticache", "snapshot:*")]);
const listServerless = (method: string): AwsGrant =>
  call(method, "elasticache:DescribeServerlessCacheSnapshots", [
    here("elasticache", "serverlesscachesnapshot:*"),
    here("elasticache", "serverlesscache:${cache}"),
  ]);
const seeTags = (method: string): AwsGrant => call(method, "elasticache:ListTagsForResource", anySnapshots);
const listBackups = (method: string): AwsGrant => everywhere(method, "dynamodb:ListBackups", unbound);

const stores = {
  tableBackups: {
    look: call("look", "dynamodb:DescribeTable", ["${table}"]),
    lookAtTime: call("look", "dynamodb:DescribeContinuousBackups", ["${table}"]),
    list: listBackups("list"),
    seeStanding: listBackups("take"),
    take: call("take", "dynamodb:CreateBackup", ["${table}"]),
    see: call("delete", "dynamodb:DescribeBackup", ["${table}/backup/*"]),
    delete: call("delete", "dynamodb:DeleteBackup", ["${table}/backup/*"]),
  },
  cacheBackups: {
    look: lookAtGroup("look"),
    lookAtServerless: lookAtServerless("look"),
    kindToList: lookAtGroup("list"),
    list: listGroup("list"),
    listServerless: listServerless("list"),
    kindToTake: lookAtGroup("take"),
    takeFrom: call("take", "elasticache:CreateSnapshot", [here("elasticache", "replicationgroup:${cache}"), here("elasticache", "cluster:${cache}-*")]),
    take: { ...call("take", "elasticache:CreateSnapshot", [groupSnapshots]), conditions: tagged },
    takeServerless: {
      ...call("take", "elasticache:CreateServerlessCacheSnapshot", [here("elasticache", "serverlesscache:${cache}"), serverlessSnapshots]),
      conditions: tagged,
    },
    tagTaken: tagging("take", "elasticache", [groupSnapshots, serverlessSnapshots]),
    seeStanding: listGroup("take"),
    seeStandingServerless: listServerless("take"),
    seeTagsOfStanding: seeTags("take"),
    see: listGroup("delete"),
    seeServerless: listServerless("delete"),
    seeTags: seeTags("delete"),
    delete: { ...call("delete", "elasticache:DeleteSnapshot", [groupSnapshots]), conditions: ours },
    deleteServerless: { ...call("delete", "elasticache:DeleteServerlessCacheSnapshot", [serverlessSnapshots]), conditions: ours },
  },
  media: {
    versioning: call("look", "s3:GetBucketVersioning", ["${media}"]),
    replication: { ...call("look", "s3:GetReplicationConfiguration", ["${media}"]), calls: ["GetBucketReplication"] },
    lock: { ...call("look", "s3:GetBucketObjectLockConfiguration", ["${media}"]), calls: ["GetObjectLockConfiguration"] },
    putCanary: call("putCanary", "s3:PutObject", ["${media}/*.nightshift/canary/*"]),
    canary: call("canary", "s3:GetObject", ["${media}/*.nightshift/canary/*", "${mediaReplica}/*.nightshift/canary/*"]),
    // Without it S3 says "denied" of an object that is not there. Source: "GetObject", https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, 2026-11-21.
    absence: { method: "canary", calls: [], actions: ["s3:ListBucket"], resources: ["${media}", "${mediaReplica}"] },
  },
  configurationCopies: {
    definitions: everywhere("read", "ecs:DescribeTaskDefinition", unbound),
    parameters: call("read", "ssm:GetParametersByPath", ["${parameterPath}"]),
    keep: call("keep", "s3:PutObject", ["${backups}/configuration/*"]),
    compare: call("keep", "s3:GetObject", ["${backups}/configuration/*"]),
  },
  restoreTests: {
    job: everywhere("job", "backup:DescribeRestoreJob", unbound),
    answer: everywhere("answer", "backup:PutRestoreValidationResult", unbound),
  },
  // A log line, which the function may write anyway.
  recoveryGauges: {},
} as const satisfies Readonly<Record<string, Readonly<Record<string, AwsGrant>>>>;

const inRunnerCluster = { ArnEquals: { "ecs:cluster": [here("ecs", "cluster/${runnerCluster}")] } };
const runnerTasks = here("ecs", "task/${runnerCluster}/*");
const lookAtRunner = (method: string): AwsGrant => ({ ...call(method, "ecs:DescribeTasks", [runnerTasks]), conditions: inRunnerCluster });

const runner = {
  runners: {
    start: { ...call("start", "ecs:RunTask", ["${runnerTask}"]), conditions: inRunnerCluster },
    tag: {
      method: "start",
      calls: [],
      actions: ["ecs:TagResource"],
      resources: [runnerTasks],
      conditions: { StringEquals: { "ecs:CreateAction": ["RunTask"] } },
    },
    // The task's own role and the one that ECS starts it with.
    passRole: {
      method: "start",
      calls: [],
      actions: ["iam:PassRole"],
      resources: ["${runnerRole}"],
      conditions: { StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } },
    },
    // What restores into a server that runs: for the one function that carries such an order out.
    startRestore: { ...call("start", "ecs:RunTask", ["${restoreTask}"]), conditions: inRunnerCluster },
    passRestoreRole: {
      method: "start",
      calls: [],
      actions: ["iam:PassRole"],
      resources: ["${restoreRole}"],
      conditions: { StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } },
    },
    seeStanding: lookAtRunner("start"),
    look: lookAtRunner("look"),
    stop: { ...call("stop", "ecs:StopTask", [runnerTasks]), conditions: inRunnerCluster },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, AwsGrant>>>>;

/**
 * Statements of the ports of backups. Whatever is deleted must carry our owner tag, and an instance the purpose `verify` or `drill`,
 * too; whatever is made must be given that tag. For the stacks: `${database}` is an instance's name, `${copyRegion}` a region that copies
 * go to, `${databaseKey}` the ARN of a key of databases or their copies, `${restoreSubnetGroup}` a subnet group that is restored into,
 * `${table}` the ARN of a table, `${cache}` a cache's name, `${media}`, `${mediaReplica}` and `${backups}` ARNs of buckets,
 * `${parameterPath}` ARNs of parameters, `${runnerTask}` the ARN of a runner's task definition, `${runnerRole}` that of one of its roles,
 * `${restoreTask}` and `${restoreRole}` those of the runner that restores.
 * Source: service authorization reference, https://docs.aws.amazon.com/service-authorization/latest/reference/, 2026-11-21.
 */
export const backupGrants = { ...database, ...stores, ...runner };
