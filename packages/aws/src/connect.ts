import type { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import type { BackupClient } from "@aws-sdk/client-backup";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ClientOptions } from "./connect/options.ts";
import { clientOptions } from "./connect/options.ts";

/**
 * The clients, each made at its first use and kept. Adapters only ever `send` one command at a time, so that whoever
 * stands behind `send` (the lab, a test) sees every call: no paginators, no waiters of the SDK.
 */
export interface Connections {
  ecs(): Promise<Pick<ECSClient, "send">>;
  autoscaling(): Promise<Pick<ApplicationAutoScalingClient, "send">>;
  elbv2(): Promise<Pick<ElasticLoadBalancingV2Client, "send">>;
  cloudwatch(): Promise<Pick<CloudWatchClient, "send">>;
  logs(): Promise<Pick<CloudWatchLogsClient, "send">>;
  ecr(): Promise<Pick<ECRClient, "send">>;
  s3(): Promise<Pick<S3Client, "send">>;
  sns(): Promise<Pick<SNSClient, "send">>;
  sqs(): Promise<Pick<SQSClient, "send">>;
  lambda(): Promise<Pick<LambdaClient, "send">>;
  ssm(): Promise<Pick<SSMClient, "send">>;
  dynamodb(): Promise<Pick<DynamoDBDocumentClient, "send">>;
  /** DynamoDB's operations on tables and their backups, which the document client does not have. */
  tables(): Promise<Pick<DynamoDBClient, "send">>;
  /** In our region, or in another. */
  rds(region?: string): Promise<Pick<RDSClient, "send">>;
  elasticache(): Promise<Pick<ElastiCacheClient, "send">>;
  backup(): Promise<Pick<BackupClient, "send">>;
}

/**
 * Real SDK clients for one region: one attempt a call (backoff is ours), short timeouts, connections kept alive.
 * `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` are read by the SDK itself.
 * Source: "Service-specific endpoints", https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html, 2026-11-21.
 */
export function realConnections(where: { readonly region: string }): Connections {
  const options = clientOptions(where.region);
  return {
    ecs: once(async () => (await import("./connect/ecs.ts")).connectEcs(options)),
    autoscaling: once(async () => (await import("./connect/autoscaling.ts")).connectAutoscaling(options)),
    elbv2: once(async () => (await import("./connect/elbv2.ts")).connectElbv2(options)),
    cloudwatch: once(async () => (await import("./connect/cloudwatch.ts")).connectCloudWatch(options)),
    logs: once(async () => (await import("./connect/logs.ts")).connectLogs(options)),
    ecr: once(async () => (await import("./connect/ecr.ts")).connectEcr(options)),
    s3: once(async () => (await import("./connect/s3.ts")).connectS3(options)),
    sns: once(async () => (await import("./connect/sns.ts")).connectSns(options)),
    sqs: once(async () => (await import("./connect/sqs.ts")).connectSqs(options)),
    lambda: once(async () => (await import("./connect/lambda.ts")).connectLambda(options)),
    ssm: once(async () => (await import("./connect/ssm.ts")).connectSsm(options)),
    dynamodb: once(async () => (await import("./connect/dynamodb.ts")).connectDynamoDb(options)),
    tables: once(async () => (await import("./connect/tables.ts")).connectTables(options)),
    rds: onceEachRegion(options, async (there) => (await import("./connect/rds.ts")).connectRds(there)),
    elasticache: once(async () => (await import("./connect/elasticache.ts")).connectElastiCache(options)),
    backup: once(async () => (await import("./connect/backup.ts")).connectBackup(options)),
  };
}

/** A client for each region that is asked for, ours when none is named. */
function onceEachRegion<T>(options: ClientOptions, make: (options: ClientOptions) => Promise<T>): (region?: string) => Promise<T> {
  const made = new Map<string, () => Promise<T>>();
  return (region = options.region) => {
    const known = made.get(region) ?? once(() => make({ ...options, region }));
    made.set(region, known);
    return known();
  };
}

/** Runs `make` at the first call and keeps its promise; a failure is not kept. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

export type { ClientOptions };
