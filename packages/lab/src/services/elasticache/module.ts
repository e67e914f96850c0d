import type { ReplicationGroup, Snapshot } from "@aws-sdk/client-elasticache";
import { days, type EpochMs, hours, minutes, ms } from "@nightshift/model";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { type Fields, fields, list, maybeNumber, maybeText, notModelled, text } from "../input.ts";

/** A replication group of the team's. */
export interface ReplicationGroupSpec {
  readonly id: string;
  readonly retentionDays?: number;
  /** `02:00-03:00`. */
  readonly window?: string;
  readonly engine?: "redis" | "valkey";
  readonly bytes?: number;
}
interface Group extends Required<ReplicationGroupSpec> {
  status: "available" | "snapshotting";
}
interface CacheSnapshot {
  readonly name: string;
  readonly group: string;
  readonly automatic: boolean;
  readonly at: EpochMs;
  readonly bytes: number;
  readonly arn: string;
  readonly tags: readonly unknown[];
  status: "creating" | "available" | "failed";
}

/** Manual snapshots of one group within a day; of ElastiCache it is assumed from MemoryDB's page (facts/backups.md 2). */
const MANUAL_A_DAY = 20;
/** That a snapshot takes two minutes is assumed. */
const TAKES = minutes(2);

/** ElastiCache as far as snapshots of replication groups go ("CreateSnapshot", https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateSnapshot.html, 2026-11-21). */
export class ElastiCache implements ServiceModule {
  readonly service = "elasticache";
  readonly mutating: ReadonlySet<string> = new Set(["CreateSnapshot", "DeleteSnapshot"]);
  /** The next snapshot ends `failed`. */
  failNext = false;
  readonly #kernel: Kernel;
  readonly #groups = new Map<string, Group>();
  readonly #snapshots = new Map<string, CacheSnapshot>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** A group that has been there for months, with a snapshot a day in its window. */
  add(spec: ReplicationGroupSpec): void {
    const group: Group = { retentionDays: 7, window: "02:00-03:00", engine: "valkey", bytes: 1e9, ...spec, status: "available" };
    this.#groups.set(spec.id, group);
    const at = hours(Number(group.window.slice(0, 2)));
    const { clock } = this.#kernel;
    const nightly = (): void => {
      if (group.retentionDays > 0)
        this.#begin(group, {
          name: `automatic.${group.id}-${new Date(clock.now()).toISOString().slice(0, 16).replaceAll(/[T:]/g, "-")}`,
          automatic: true,
          tags: [],
        });
      clock.in(days(1), nightly);
    };
    clock.in(ms((((at - (clock.now() % days(1))) % days(1)) + days(1)) % days(1) || days(1)), nightly);
  }

  get snapshots(): readonly { readonly name: string; readonly automatic: boolean }[] {
    return [...this.#snapshots.values()];
  }

  handle(operation: string, input: unknown): unknown {
    const request = fields(input);
    switch (operation) {
      case "DescribeReplicationGroups":
        return { ReplicationGroups: this.#asked(request).map(describeGroup) };
      case "DescribeServerlessCaches":
        throw new AwsFault("ServerlessCacheNotFoundFault", "The lab has no serverless cache.", 404);
      case "DescribeServerlessCacheSnapshots":
        if (request["ServerlessCacheSnapshotName"] === undefined) return { ServerlessCacheSnapshots: [] };
        throw new AwsFault("ServerlessCacheSnapshotNotFoundFault", "The lab has no serverless cache.", 404);
      case "ListTagsForResource":
        return { TagList: structuredClone(this.#tagged(text(request, "ResourceName")).tags) };
      case "DescribeSnapshots":
        return this.#describeSnapshots(request);
      case "CreateSnapshot":
        return { Snapshot: describeSnapshot(this.#create(request)) };
      case "DeleteSnapshot":
        return { Snapshot: describeSnapshot(this.#delete(text(request, "SnapshotName"))) };
      default:
        throw notModelled("elasticache", operation);
    }
  }

  #asked(request: Fields): readonly Group[] {
    const id = maybeText(request, "ReplicationGroupId");
    return id === undefined ? [...this.#groups.values()] : [this.#group(id)];
  }

  #group(id: string): Group {
    const group = this.#groups.get(id);
    if (group === undefined) throw new AwsFault("ReplicationGroupNotFoundFault", `ReplicationGroup ${id} not found.`, 404);
    return group;
  }

  #create(request: Fields): CacheSnapshot {
    const group = this.#group(text(request, "ReplicationGroupId"));
    const name = text(request, "SnapshotName");
    if (this.#snapshots.has(name)) throw new AwsFault("SnapshotAlreadyExistsFault", `Snapshot ${name} already exists`);
    if (group.status !== "available") throw new AwsFault("InvalidReplicationGroupStateFault", `Replication group ${group.id} is ${group.status}.`);
    const today = [...this.#snapshots.values()].filter((one) => !one.automatic && one.group === group.id && one.at > this.#kernel.clock.now() - days(1));
    if (today.length >= MANUAL_A_DAY) throw new AwsFault("SnapshotQuotaExceededFault", `At most ${MANUAL_A_DAY} manual snapshots a day.`);
    return this.#begin(group, { name, automatic: false, tags: list(request, "Tags") });
  }

  #tagged(arn: string): CacheSnapshot {
    const found = [...this.#snapshots.values()].find((one) => one.arn === arn);
    if (found === undefined) throw new AwsFault("SnapshotNotFoundFault", `${arn} not found.`, 404);
    return found;
  }

  #begin(group: Group, of: Pick<CacheSnapshot, "name" | "automatic" | "tags">): CacheSnapshot {
    const { clock, record, region, accountId } = this.#kernel;
    const arn = `arn:aws:elasticache:${region}:${accountId}:snapshot:${of.name}`;
    const snapshot: CacheSnapshot = { ...of, arn, group: group.id, at: clock.now(), bytes: group.bytes, status: "creating" };
    this.#snapshots.set(of.name, snapshot);
    group.status = "snapshotting";
    const fails = !of.automatic && this.failNext;
    if (fails) this.failNext = false;
    clock.in(TAKES, () => {
      group.status = "available";
      snapshot.status = fails ? "failed" : "available";
      record({ kind: "world", what: `cache-snapshot-${snapshot.status}`, about: group.id, detail: { name: of.name } });
      const oldest = clock.now() - days(group.retentionDays);
      for (const [name, one] of this.#snapshots) if (one.automatic && one.group === group.id && one.at < oldest) this.#snapshots.delete(name);
    });
    return snapshot;
  }

  #delete(name: string): CacheSnapshot {
    const snapshot = this.#snapshots.get(name);
    if (snapshot === undefined) throw new AwsFault("SnapshotNotFoundFault", `Snapshot ${name} not found.`, 404);
    if (snapshot.status === "creating") throw new AwsFault("InvalidSnapshotStateFault", `Snapshot ${name} is being created.`);
    this.#snapshots.delete(name);
    return snapshot;
  }

  #describeSnapshots(request: Fields): object {
    const [name, group, source] = ["SnapshotName", "ReplicationGroupId", "SnapshotSource"].map((field) => maybeText(request, field));
    if (name !== undefined && !this.#snapshots.has(name)) throw new AwsFault("SnapshotNotFoundFault", `Snapshot ${name} not found.`, 404);
    const all = [...this.#snapshots.values()].filter(
      (one) => (name ?? one.name) === one.name && (group ?? one.group) === one.group && (source === undefined || (source === "system") === one.automatic),
    );
    const start = Number(maybeText(request, "Marker") ?? 0);
    const size = maybeNumber(request, "MaxRecords") ?? 50;
    return { Snapshots: all.slice(start, start + size).map(describeSnapshot), ...(start + size < all.length ? { Marker: String(start + size) } : {}) };
  }
}

const describeGroup = ({ id, status, retentionDays, window, engine }: Group): ReplicationGroup => ({
  ReplicationGroupId: id,
  Status: status,
  SnapshotRetentionLimit: retentionDays,
  SnapshotWindow: window,
  Engine: engine,
  NodeGroups: [{ NodeGroupId: "0001", Status: "available" }],
  MemberClusters: [`${id}-001`, `${id}-002`],
});

const describeSnapshot = ({ name, arn, group, automatic, at, bytes, status }: CacheSnapshot): Snapshot => ({
  SnapshotName: name,
  ARN: arn,
  ReplicationGroupId: group,
  SnapshotStatus: status,
  SnapshotSource: automatic ? "automated" : "manual",
  NodeSnapshots: [
    { NodeGroupId: "0001", CacheSize: `${Math.ceil(bytes / 2 ** 20)} MB`, ...(status === "available" ? { SnapshotCreateTime: new Date(at) } : {}) },
  ],
});
