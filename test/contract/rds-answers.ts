import { elements, okXml } from "./loopback-stage.ts";

/** RDS's answers in the query protocol's XML, as far as our adapters read them. */
export const rds = (what: string, region = "eu-central-1") => `arn:aws:rds:${region}:123456789012:${what}`;
export const tagList = (tags: Readonly<Record<string, string>>) =>
  `<TagList>${Object.entries(tags)
    .map(([Key, Value]) => `<Tag>${elements({ Key, Value })}</Tag>`)
    .join("")}</TagList>`;
export const ownerTag = { "nightshift:owner": "nightshift" };

export const snapshotXml = (over: Readonly<Record<string, string | number | boolean>> = {}, tags: Readonly<Record<string, string>> = ownerTag) =>
  `<DBSnapshot>${elements({
    DBSnapshotIdentifier: "nightshift-shop-1",
    DBInstanceIdentifier: "shop",
    SnapshotCreateTime: "2026-11-21T02:10:00Z",
    OriginalSnapshotCreateTime: "2026-11-21T02:00:30Z",
    SnapshotDatabaseTime: "2026-11-21T02:00:12.5Z",
    Engine: "postgres",
    AllocatedStorage: 100,
    Status: "available",
    SnapshotType: "manual",
    PercentProgress: 100,
    Encrypted: true,
    DBSnapshotArn: rds("snapshot:nightshift-shop-1"),
    AFieldAwsAddsLater: 1,
    ...over,
  })}${tagList(tags)}</DBSnapshot>`;
export const snapshots = (...of: readonly string[]) => okXml("DescribeDBSnapshots", `<DBSnapshots>${of.join("")}</DBSnapshots>`);

export const instanceXml = (name: string, tags: Readonly<Record<string, string>> = {}, over: Readonly<Record<string, string | number | boolean>> = {}) =>
  `<DBInstance>${elements({
    DBInstanceIdentifier: name,
    DBInstanceArn: rds(`db:${name}`),
    DBInstanceStatus: "available",
    Engine: "postgres",
    EngineVersion: "17.6",
    DBInstanceClass: "db.t4g.medium",
    AllocatedStorage: 100,
    MultiAZ: true,
    StorageEncrypted: true,
    KmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/1",
    BackupRetentionPeriod: 7,
    LatestRestorableTime: "2026-11-21T02:55:00Z",
    DeletionProtection: true,
    ...over,
  })}<Endpoint>${elements({ Address: `${name}.local`, Port: 5432 })}</Endpoint><DBSubnetGroup>${elements({ DBSubnetGroupName: "private" })}</DBSubnetGroup><DBParameterGroups><DBParameterGroup>${elements({ DBParameterGroupName: "shop-17" })}</DBParameterGroup></DBParameterGroups><VpcSecurityGroups><VpcSecurityGroupMembership>${elements({ VpcSecurityGroupId: "sg-1", Status: "active" })}</VpcSecurityGroupMembership></VpcSecurityGroups>${tagList(tags)}</DBInstance>`;
export const instances = (...of: readonly string[]) => okXml("DescribeDBInstances", `<DBInstances>${of.join("")}</DBInstances>`);
