import type {
  AddTagsToResourceMessage,
  CopyDBSnapshotMessage,
  CreateDBSnapshotMessage,
  DeleteDBInstanceMessage,
  DescribeDBInstancesMessage,
  DescribeDBSnapshotsMessage,
  Filter,
  ListTagsForResourceMessage,
  RestoreDBInstanceFromDBSnapshotMessage,
  RestoreDBInstanceToPointInTimeMessage,
} from "@aws-sdk/client-rds";
import type { EpochMs } from "@nightshift/model";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { notModelled } from "../input.ts";
import type { InstanceRecord, InstanceSpec, RdsTag, RdsTrouble, SnapshotRecord } from "./records.ts";
import { emptyRds, instanceIn, nowIn, type RdsAccount, snapshotIn, standingInstance } from "./region.ts";
import { deleteInstance, restorePointInTime, restoreSnapshot } from "./restores.ts";
import { copySnapshot, createSnapshot, deleteSnapshot, keepAutomated, manualIn, toTags } from "./snapshots.ts";
import { describeInstance, describeSnapshot, hydrationLeft } from "./views.ts";

/** What whoever connects to a restored instance finds. */
export interface Readable {
  readonly bytes: number;
  readonly contentsOf: EpochMs | undefined;
  /** Share of its blocks that are still to come, from 0 to 1, and how fast they come. */
  readonly left: number;
  readonly hydrationBytesPerSecond: number;
}

/** Amazon RDS for PostgreSQL: instances, snapshots that take their time, copies into other regions, restores. */
export class Rds implements ServiceModule {
  readonly service = "rds";
  readonly mutating: ReadonlySet<string> = new Set([
    "CreateDBSnapshot",
    "CopyDBSnapshot",
    "DeleteDBSnapshot",
    "RestoreDBInstanceFromDBSnapshot",
    "RestoreDBInstanceToPointInTime",
    "DeleteDBInstance",
    "AddTagsToResource",
  ]);
  readonly #account: RdsAccount;

  constructor(kernel: Kernel) {
    this.#account = emptyRds(kernel);
  }

  /** An instance that has been there for months. */
  add(spec: InstanceSpec): void {
    const instance = standingInstance(this.#account, spec);
    this.#account.instances.set(spec.id, instance);
    keepAutomated(this.#account, instance, spec.backupHour ?? 3);
  }

  /** What goes wrong the next `times` times. */
  expect(trouble: RdsTrouble, times = 1): void {
    for (let n = 0; n < times; n += 1) this.#account.expected.push(trouble);
  }

  /** From now on no log of the instance reaches S3. */
  stopLogs(instance: string): void {
    instanceIn(this.#account, instance).logsStoppedAt = nowIn(this.#account);
  }

  /** Other teams' manual snapshots fill the account's own region, but for so many. */
  fillQuota(left: number): void {
    this.#account.quota.snapshots = manualIn(this.#account, this.#account.kernel.region) + left;
  }

  /** Every instance there is. */
  get instances(): readonly InstanceRecord[] {
    return [...this.#account.instances.values()];
  }

  /** Every snapshot there is, in all regions. */
  get snapshots(): readonly SnapshotRecord[] {
    return [...this.#account.snapshots.values()];
  }

  /** Undefined: there is none that can be connected to. */
  readable(id: string): Readable | undefined {
    const instance = this.#account.instances.get(id);
    if (instance === undefined || instance.status !== "available") return undefined;
    const { hydrationBytesPerSecond } = this.#account.rates;
    return { bytes: instance.bytes, contentsOf: instance.contentsOf, left: hydrationLeft(this.#account, instance), hydrationBytesPerSecond };
  }

  /** Somebody read every block: nothing lies in S3 any more. */
  hydrated(id: string): void {
    const instance = this.#account.instances.get(id);
    if (instance?.hydratedAt !== undefined && instance.hydratedAt > nowIn(this.#account)) instance.hydratedAt = nowIn(this.#account);
  }

  /** Each operation's input is what the typed SDK client was given. */
  handle(operation: string, input: unknown, _caller: string, region = this.#account.kernel.region): unknown {
    const account = this.#account;
    switch (operation) {
      case "DescribeDBInstances":
        return this.#describeInstances(input as DescribeDBInstancesMessage, region);
      case "DescribeDBSnapshots":
        return this.#describeSnapshots(input as DescribeDBSnapshotsMessage, region);
      case "DescribeAccountAttributes":
        return {
          AccountQuotas: [
            { AccountQuotaName: "DBInstances", Used: account.instances.size, Max: account.quota.instances },
            { AccountQuotaName: "ManualSnapshots", Used: manualIn(account, region), Max: account.quota.snapshots },
          ],
        };
      case "CreateDBSnapshot":
        return { DBSnapshot: createSnapshot(account, input as CreateDBSnapshotMessage, region) };
      case "CopyDBSnapshot":
        return { DBSnapshot: copySnapshot(account, input as CopyDBSnapshotMessage, region) };
      case "DeleteDBSnapshot":
        return { DBSnapshot: deleteSnapshot(account, (input as { DBSnapshotIdentifier?: string }).DBSnapshotIdentifier ?? "", region) };
      case "RestoreDBInstanceFromDBSnapshot":
        return { DBInstance: restoreSnapshot(account, input as RestoreDBInstanceFromDBSnapshotMessage, region) };
      case "RestoreDBInstanceToPointInTime":
        return { DBInstance: restorePointInTime(account, input as RestoreDBInstanceToPointInTimeMessage) };
      case "DeleteDBInstance":
        return { DBInstance: deleteInstance(account, input as DeleteDBInstanceMessage) };
      case "ListTagsForResource":
        return { TagList: this.#tagged((input as ListTagsForResourceMessage).ResourceName ?? "", region).tags };
      case "AddTagsToResource": {
        const { ResourceName = "", Tags } = input as AddTagsToResourceMessage;
        addTags(this.#tagged(ResourceName, region), toTags(Tags));
        return {};
      }
      default:
        throw notModelled("rds", operation);
    }
  }

  #tagged(arn: string, region: string): InstanceRecord | SnapshotRecord {
    const [, , , , , kind, ...name] = arn.split(":");
    return kind === "db" ? instanceIn(this.#account, name.join(":")) : snapshotIn(this.#account, arn, region);
  }

  /** By name (a missing one is a fault), or all in pages ("DescribeDBInstances", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html, 2026-11-21). */
  #describeInstances(asked: DescribeDBInstancesMessage, region: string): object {
    const here = region === this.#account.kernel.region ? this.instances : [];
    const { DBInstanceIdentifier: id } = asked;
    const found =
      id === undefined ? here.filter((one) => allowed(asked.Filters, { "db-instance-id": one.id, engine: "postgres" })) : [instanceIn(this.#account, id)];
    const { items, more } = page(found, asked);
    return { DBInstances: items.map((one) => describeInstance(this.#account, one)), ...more };
  }

  /** Of one instance, by name, or all, in pages; a missing name is a fault (API_DescribeDBSnapshots.html, same reference). */
  #describeSnapshots(asked: DescribeDBSnapshotsMessage, region: string): object {
    const { DBSnapshotIdentifier: id, DBInstanceIdentifier: instance, SnapshotType: type } = asked;
    const found =
      id === undefined
        ? this.snapshots.filter(
            (one) =>
              one.region === region &&
              (instance === undefined || one.instance === instance) &&
              (type === undefined || type === (one.manual ? "manual" : "automated")) &&
              allowed(asked.Filters, {
                "db-instance-id": one.instance,
                "db-snapshot-id": one.id,
                "snapshot-type": one.manual ? "manual" : "automated",
                engine: "postgres",
              }),
          )
        : [snapshotIn(this.#account, id, region)];
    const { items, more } = page(found, asked);
    return { DBSnapshots: items.map((one) => describeSnapshot(this.#account, one)), ...more };
  }
}

function addTags(record: { tags: readonly RdsTag[] }, tags: readonly RdsTag[]): void {
  record.tags = [...record.tags.filter((one) => !tags.some((tag) => tag.Key === one.Key)), ...tags];
}

const allowed = (filters: readonly Filter[] | undefined, values: Readonly<Record<string, string>>): boolean =>
  (filters ?? []).every(({ Name = "", Values = [] }) => {
    const value = values[Name];
    if (value === undefined) throw new AwsFault("InvalidParameterValue", `Unrecognized filter name: ${Name}`);
    return Values.includes(value);
  });

/** 100 a page unless asked, from 20 to 100. */
function page<T>(
  items: readonly T[],
  { Marker, MaxRecords }: { readonly Marker?: string | undefined; readonly MaxRecords?: number | undefined },
): { readonly items: readonly T[]; readonly more: object } {
  const start = Number(Marker ?? 0);
  const size = Math.min(100, Math.max(20, MaxRecords ?? 100));
  return { items: items.slice(start, start + size), more: start + size < items.length ? { Marker: String(start + size) } : {} };
}
