import {
  type BackupSummary,
  CreateBackupCommand,
  DeleteBackupCommand,
  DescribeBackupCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ListBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { guard } from "@nightshift/model/guards";
import { PortError, type TableBackups } from "@nightshift/ports";
import { moment } from "./ecs-tasks.ts";
import { isFault } from "./faults.ts";
import { allPages } from "./pages.ts";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** How the names of our backups begin: backups carry no tags, and names need not be unique, so this is how we know ours. */
const backupPrefix = "nightshift-";
const backupsPerCall = 100;
// 2,000 backups of one table: five years of nights.
const backupPages = 20;
const backupsTold = 200;

/**
 * Backups of tables. `look`: 2 calls. `list`: 1 for a hundred. `take`: 2. `delete`: 2.
 * Sources: "DescribeContinuousBackups", "ListBackups", "CreateBackup", "DescribeBackup" and "DeleteBackup",
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html and its siblings, 2026-11-21.
 */
export const tableBackupsFrom = (reach: Reach): TableBackups => ({
  look: (table) => lookAt(reach, table),
  async list(table) {
    const ours = await listOurs(reach, table);
    return ours
      .map(backupFrom)
      .sort((a, b) => b.at - a.at)
      .slice(0, backupsTold);
  },
  async take(table, name) {
    const call = { operation: "dynamodb:CreateBackup", on: `${table} as ${name}` };
    if (!name.startsWith(backupPrefix))
      throw new PortError("invalid", call.operation, call.on, `the name must begin with ${backupPrefix}, by which our backups are known`);
    const standing = (await listOurs(reach, table)).find(({ BackupName, BackupStatus }) => BackupName === name && BackupStatus !== "DELETED");
    if (standing !== undefined && guard("a table's backup is taken once")) return need(call, "BackupArn", standing.BackupArn);
    const answer = await reach.calls.change(call, async () =>
      (await reach.connections.tables()).send(new CreateBackupCommand({ TableName: table, BackupName: name })),
    );
    return need(call, "BackupDetails.BackupArn", answer.BackupDetails?.BackupArn);
  },
  async delete(arn, table) {
    const call = { operation: "dynamodb:DeleteBackup", on: arn };
    try {
      await refuseForeign(reach, arn, table);
      const answer = await reach.calls.change(call, async () => (await reach.connections.tables()).send(new DeleteBackupCommand({ BackupArn: arn })));
      return need(call, "BackupDescription", answer.BackupDescription) && "deleted";
    } catch (error) {
      if (isFault(error, "BackupNotFoundException")) return "gone";
      throw error;
    }
  },
});

/**
 * Only what we took of this very table is deleted: backups carry no tags that IAM could ask for, so the ARN's table, the name and the type are looked at.
 * @throws {PortError} `denied`
 */
async function refuseForeign({ connections, calls }: Reach, arn: string, table: string): Promise<void> {
  const call = { operation: "dynamodb:DescribeBackup", on: arn };
  const answer = await calls.read(call, async () => (await connections.tables()).send(new DescribeBackupCommand({ BackupArn: arn })));
  const { BackupName: name = "", BackupType: type } = need(call, "BackupDescription.BackupDetails", answer.BackupDescription?.BackupDetails);
  const ours = arn.split(":").slice(5).join(":").startsWith(`table/${table}/backup/`) && name.startsWith(backupPrefix) && type === "USER";
  if (!ours && guard("only our own snapshot is deleted"))
    throw new PortError(
      "denied",
      "dynamodb:DeleteBackup",
      arn,
      `it is not a backup of ${table} that we took (it is called ${name}); it is never deleted by us`,
    );
}

async function lookAt({ connections, calls }: Reach, table: string): ReturnType<TableBackups["look"]> {
  const onTable = { operation: "dynamodb:DescribeTable", on: table };
  const onTime = { operation: "dynamodb:DescribeContinuousBackups", on: table };
  const [described, continuous] = await Promise.all([
    calls.read(onTable, async () => (await connections.tables()).send(new DescribeTableCommand({ TableName: table }))),
    calls.read(onTime, async () => (await connections.tables()).send(new DescribeContinuousBackupsCommand({ TableName: table }))),
  ]);
  const it = need(onTable, "Table", described.Table);
  const time = need(onTime, "PointInTimeRecoveryDescription", continuous.ContinuousBackupsDescription?.PointInTimeRecoveryDescription);
  return {
    pointInTime: {
      on: time.PointInTimeRecoveryStatus === "ENABLED",
      earliest: moment(time.EarliestRestorableDateTime),
      latest: moment(time.LatestRestorableDateTime),
    },
    bytes: need(onTable, "TableSizeBytes", it.TableSizeBytes),
    deletionProtection: it.DeletionProtectionEnabled ?? false,
    // A replica that is being made or has lost touch is no second home.
    replicas: (it.Replicas ?? []).flatMap(({ RegionName: region, ReplicaStatus: status }) => (region !== undefined && status === "ACTIVE" ? [region] : [])),
  };
}

async function listOurs({ connections, calls }: Reach, table: string): Promise<readonly BackupSummary[]> {
  const call = { operation: "dynamodb:ListBackups", on: table };
  const all = await allPages(call, backupPages, async (from) => {
    const input = {
      TableName: table,
      BackupType: "USER" as const,
      Limit: backupsPerCall,
      ...(from === undefined ? {} : { ExclusiveStartBackupArn: from }),
    };
    const answer = await calls.read(call, async () => (await connections.tables()).send(new ListBackupsCommand(input)));
    return { items: answer.BackupSummaries ?? [], next: answer.LastEvaluatedBackupArn };
  });
  return all.filter(({ BackupName: name = "" }) => name.startsWith(backupPrefix));
}

const listed = { operation: "dynamodb:ListBackups", on: "a backup" };

const backupFrom = (read: BackupSummary) => ({
  arn: need(listed, "BackupArn", read.BackupArn),
  name: need(listed, "BackupName", read.BackupName),
  status: need(listed, "BackupStatus", read.BackupStatus),
  at: need(listed, "BackupCreationDateTime", moment(read.BackupCreationDateTime)),
  bytes: read.BackupSizeBytes ?? 0,
});
