import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import { CreateClusterCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { CreateReplicationGroupCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { CreateDBInstanceCommand, CreateDBSubnetGroupCommand, RDSClient } from "@aws-sdk/client-rds";
import { CreateBucketCommand, PutBucketReplicationCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { RunnerPlaces } from "@nightshift/aws/ecs-runners";
import { realConnections } from "@nightshift/aws/connect";
import { reachOf } from "@nightshift/aws/world";

/** The region that everything is in, and the one that copies go to. */
export const region = "eu-central-1";
export const secondRegion = "eu-west-1";
export const reach = () => reachOf({ connections: realConnections({ region }) });
/** Names nobody used before, so that the server need not be fresh. */
export const fresh = (what: string) => `${what}-${randomUUID().slice(0, 8)}`;

/** An instance of PostgreSQL with a tag of the team's, and a subnet group to restore into. */
export async function motoDatabase(): Promise<{ readonly instance: string; readonly subnetGroup: string }> {
  const rds = new RDSClient({ region });
  const [instance, subnetGroup] = [fresh("shop"), fresh("isolated")];
  await rds.send(new CreateDBSubnetGroupCommand({ DBSubnetGroupName: subnetGroup, DBSubnetGroupDescription: "isolated", SubnetIds: [await anySubnet()] }));
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: instance,
      DBInstanceClass: "db.t4g.medium",
      Engine: "postgres",
      AllocatedStorage: 20,
      MasterUsername: "shop",
      MasterUserPassword: "not-a-secret-of-anybody",
      BackupRetentionPeriod: 7,
      Tags: [{ Key: "env", Value: "prod" }],
    }),
  );
  return { instance, subnetGroup };
}

/** moto makes a default network; one query by hand spares an EC2 client. It reads the service from the credential's scope and checks no signature. */
async function anyOf(action: "DescribeSubnets" | "DescribeSecurityGroups", element: "subnetId" | "groupId"): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20261121/${region}/ec2/aws4_request, SignedHeaders=host, Signature=0`;
  const answer = await fetch(`${process.env["AWS_ENDPOINT_URL"]}/?Action=${action}&Version=2016-11-15`, { headers: { authorization } });
  return new RegExp(`<${element}>([^<]+)<`).exec(await answer.text())?.[1] ?? "";
}
const anySubnet = () => anyOf("DescribeSubnets", "subnetId");

/** A table with point in time. */
export async function motoTable(): Promise<string> {
  const dynamodb = new DynamoDBClient({ region });
  const TableName = fresh("carts");
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    }),
  );
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }));
  return TableName;
}

/** A replication group. */
export async function motoCache(): Promise<string> {
  const elasticache = new ElastiCacheClient({ region });
  const ReplicationGroupId = fresh("carts");
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId,
      ReplicationGroupDescription: "carts",
      Engine: "redis",
      CacheNodeType: "cache.t4g.small",
      SnapshotRetentionLimit: 7,
    }),
  );
  return ReplicationGroupId;
}

/** A bucket with versions that is replicated, and its replica. */
export async function motoMedia(): Promise<{ readonly bucket: string; readonly replica: string; readonly bare: string }> {
  const s3 = new S3Client({ region, forcePathStyle: true });
  const names = { bucket: fresh("media"), replica: fresh("media-copy"), bare: fresh("bare") };
  for (const Bucket of Object.values(names)) await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
  for (const Bucket of [names.bucket, names.replica]) await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(
    new PutBucketReplicationCommand({
      Bucket: names.bucket,
      ReplicationConfiguration: {
        Role: "arn:aws:iam::123456789012:role/replication",
        Rules: [
          {
            ID: "all",
            Status: "Enabled",
            Priority: 1,
            Filter: { Prefix: "" },
            DeleteMarkerReplication: { Status: "Disabled" },
            Destination: { Bucket: `arn:aws:s3:::${names.replica}` },
          },
        ],
      },
    }),
  );
  return names;
}

/** Parameters under a path of their own, one of them a SecureString. */
export async function motoParameters(): Promise<string> {
  const ssm = new SSMClient({ region });
  const path = `/${fresh("shop")}`;
  for (const [name, Type] of [
    ["level", "String"],
    ["db", "SecureString"],
  ] as const)
    await ssm.send(new PutParameterCommand({ Name: `${path}/api/${name}`, Type, Value: `value of ${name}` }));
  return path;
}

/** A cluster and a runner's task definition. */
export async function motoRunner(): Promise<RunnerPlaces> {
  const ecs = new ECSClient({ region });
  const cluster = fresh("backups");
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: fresh("nightshift-shop"),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "2048",
      memory: "4096",
      // moto adds up the containers' own memory, and fails without it.
      containerDefinitions: [{ name: "runner", image: "shop/runner:17", essential: true, memory: 4096 }],
    }),
  );
  const [subnet, group] = [await anySubnet(), await anyOf("DescribeSecurityGroups", "groupId")];
  return {
    cluster: () => cluster,
    taskDefinition: () => taskDefinition?.taskDefinitionArn ?? "",
    restoreDefinition: () => taskDefinition?.taskDefinitionArn ?? "",
    subnets: () => [subnet],
    securityGroups: () => [group],
    publicAddress: () => false,
  };
}
