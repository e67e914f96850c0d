import type { BackupDetails, ContinuousBackupsDescription, TableDescription } from "@aws-sdk/client-dynamodb";
import { after, days, type EpochMs, epochMs, minutes, seconds } from "@nightshift/model";
import { AwsFault, type Kernel } from "../../kernel.ts";
import { hex, type Random } from "../../world/chance.ts";
import { type Fields, maybeNumber, maybeText, text } from "../input.ts";

/** A table of the team's, as far as its backups go. */
export interface ProductTable {
  readonly name: string;
  readonly bytes: number;
  /** Point-in-time recovery. */
  pointInTime: boolean;
  deletionProtection: boolean;
  /** Regions that hold a replica. */
  replicas: readonly string[];
}
interface Backup {
  readonly arn: string;
  readonly name: string;
  readonly table: string;
  readonly at: EpochMs;
  readonly readyAt: EpochMs;
  readonly bytes: number;
}

/** On-demand backups are ready within seconds whatever the size ("Using DynamoDB backup and restore", https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Backup.Tutorial.html, 2026-11-21). */
const READY = seconds(20);

/** DynamoDB's operations on the team's tables: point-in-time recovery and on-demand backups. */
export class TableBackups {
  readonly #kernel: Kernel;
  readonly #random: Random;
  readonly #tables = new Map<string, ProductTable & { readonly since: EpochMs }>();
  readonly #backups = new Map<string, Backup>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#random = kernel.random("table backups");
  }

  /** A table that has been there for months. */
  add(table: Partial<ProductTable> & Pick<ProductTable, "name">): ProductTable {
    const whole = { bytes: 2e9, pointInTime: true, deletionProtection: true, replicas: [], ...table, since: epochMs(this.#kernel.clock.now() - days(90)) };
    this.#tables.set(table.name, whole);
    return whole;
  }

  /** Every backup there is, by name. */
  get backups(): readonly { readonly name: string; readonly table: string; readonly at: EpochMs }[] {
    return [...this.#backups.values()];
  }

  /** The answer, or undefined where it is no operation on backups. */
  handle(operation: string, request: Fields): object | undefined {
    switch (operation) {
      case "DescribeTable":
        return { Table: this.#describe(this.#table(text(request, "TableName"), "ResourceNotFoundException")) };
      case "DescribeContinuousBackups":
        return { ContinuousBackupsDescription: this.#continuous(this.#table(text(request, "TableName"), "TableNotFoundException")) };
      case "CreateBackup":
        return { BackupDetails: this.#create(this.#table(text(request, "TableName"), "TableNotFoundException"), text(request, "BackupName")) };
      case "ListBackups":
        return this.#list(request);
      case "DescribeBackup":
        return { BackupDescription: { BackupDetails: this.#details(this.#backup(text(request, "BackupArn"))) } };
      case "DeleteBackup": {
        const backup = this.#backup(text(request, "BackupArn"));
        this.#backups.delete(backup.arn);
        return { BackupDescription: { BackupDetails: { ...this.#details(backup), BackupStatus: "DELETED" } } };
      }
      default:
        return undefined;
    }
  }

  #table(name: string, fault: string): ProductTable & { readonly since: EpochMs } {
    const table = this.#tables.get(name);
    if (table === undefined) throw new AwsFault(fault, `Table not found: ${name}`);
    return table;
  }

  #backup(arn: string): Backup {
    const backup = this.#backups.get(arn);
    if (backup === undefined) throw new AwsFault("BackupNotFoundException", `Backup not found: ${arn}`);
    return backup;
  }

  #describe({ name, bytes, deletionProtection, replicas, since: made }: ProductTable & { readonly since: EpochMs }): TableDescription {
    return {
      TableName: name,
      TableArn: this.#arn(name),
      TableStatus: "ACTIVE",
      CreationDateTime: new Date(made),
      TableSizeBytes: bytes,
      DeletionProtectionEnabled: deletionProtection,
      ...(replicas.length === 0 ? {} : { Replicas: replicas.map((RegionName) => ({ RegionName, ReplicaStatus: "ACTIVE" as const })) }),
    };
  }

  /** The newest moment is typically five minutes old; up to 35 days back ("DescribeContinuousBackups", https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html, 2026-11-21). */
  #continuous({ pointInTime, since: made }: ProductTable & { readonly since: EpochMs }): ContinuousBackupsDescription {
    const now = this.#kernel.clock.now();
    const earliest = Math.max(made, now - days(35));
    return {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: pointInTime
        ? {
            PointInTimeRecoveryStatus: "ENABLED",
            RecoveryPeriodInDays: 35,
            EarliestRestorableDateTime: new Date(earliest),
            LatestRestorableDateTime: new Date(now - minutes(5)),
          }
        : { PointInTimeRecoveryStatus: "DISABLED" },
    };
  }

  /** The name may be used again: DynamoDB takes another backup under it ("CreateBackup", same reference: it names no fault for that). */
  #create({ name: table, bytes }: ProductTable, name: string): BackupDetails {
    if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) throw new AwsFault("ValidationException", `Invalid backup name: ${name}`);
    const at = this.#kernel.clock.now();
    const arn = `${this.#arn(table)}/backup/${String(at).padStart(14, "0")}-${hex(this.#random, 8)}`;
    const backup = { arn, name, table, at, readyAt: after(at, READY), bytes };
    this.#backups.set(arn, backup);
    return this.#details(backup);
  }

  #list(request: Fields): object {
    const table = maybeText(request, "TableName");
    const all = [...this.#backups.values()].filter((one) => table === undefined || one.table === table || this.#arn(one.table) === table);
    const start = all.findIndex((one) => one.arn === maybeText(request, "ExclusiveStartBackupArn")) + 1;
    const page = all.slice(start, start + (maybeNumber(request, "Limit") ?? 100));
    const last = page.at(-1);
    return {
      BackupSummaries: page.map((one) => ({ ...this.#details(one), TableName: one.table, TableArn: this.#arn(one.table) })),
      ...(last === undefined || last === all.at(-1) ? {} : { LastEvaluatedBackupArn: last.arn }),
    };
  }

  #details({ arn, name, at, readyAt, bytes }: Backup): BackupDetails {
    const ready = readyAt <= this.#kernel.clock.now();
    return {
      BackupArn: arn,
      BackupName: name,
      BackupStatus: ready ? "AVAILABLE" : "CREATING",
      BackupType: "USER",
      BackupSizeBytes: bytes,
      BackupCreationDateTime: new Date(at),
    };
  }

  #arn(table: string): string {
    return `arn:aws:dynamodb:${this.#kernel.region}:${this.#kernel.accountId}:table/${table}`;
  }
}
