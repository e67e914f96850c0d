import type { CopyDBSnapshotMessage, CreateDBSnapshotMessage, DBSnapshot, Tag } from "@aws-sdk/client-rds";
import { days, type EpochMs, epochMs, hours, type Ms, ms, seconds, utc } from "@nightshift/model";
import { AwsFault } from "../../kernel.ts";
import { tellInstance, tellSnapshot } from "./events.ts";
import type { InstanceRecord, RdsTag, SnapshotRecord } from "./records.ts";
import { befalls, instanceIn, lasting, nowIn, type RdsAccount, snapshotIn } from "./region.ts";
import { describeSnapshot } from "./views.ts";

/** Takes a manual snapshot: `creating`, and after its time `available`. @throws {AwsFault} as "CreateDBSnapshot" does (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html, 2026-11-21). */
export function createSnapshot(account: RdsAccount, asked: CreateDBSnapshotMessage, region: string): DBSnapshot {
  const instance = instanceIn(account, asked.DBInstanceIdentifier ?? "");
  const id = asked.DBSnapshotIdentifier ?? "";
  checkName(id);
  if (account.snapshots.has(`${region}/${id}`))
    throw new AwsFault("DBSnapshotAlreadyExistsFault", `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`);
  if (instance.status !== "available")
    throw new AwsFault(
      "InvalidDBInstanceStateFault",
      `Cannot create a snapshot because the database instance ${instance.id} is not currently in the available state.`,
    );
  checkQuota(account, region);
  return describeSnapshot(account, begin(account, instance, { id, manual: true, tags: toTags(asked.Tags) }));
}

/** The nightly snapshot that RDS takes by itself. Under load it is skipped, and nothing says so ("Introduction to backups", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html, 2026-11-21). */
export function keepAutomated(account: RdsAccount, instance: InstanceRecord, hour: number): void {
  const { clock } = account.kernel;
  const untilNext = (): Ms => {
    const left = (hours(hour) - (clock.now() % days(1)) + days(1)) % days(1);
    return ms(left === 0 ? days(1) : left);
  };
  const nightly = (): void => {
    if (account.instances.get(instance.id) !== instance) return;
    if (instance.retentionDays > 0 && !befalls(account, "automated-skipped")) {
      tellInstance(account, instance, "RDS-EVENT-0001");
      begin(account, instance, { id: automatedName(instance.id, clock.now()), manual: false, tags: [] });
      expireAutomated(account, instance);
    }
    clock.in(untilNext(), nightly);
  };
  clock.in(untilNext(), nightly);
}

/** `rds:shop-prod-2026-03-16-03-00`. */
function automatedName(instance: string, at: EpochMs): string {
  const { year, month, day, hour, minute } = utc(at);
  return `rds:${instance}-${[year, month, day, hour, minute].map((part) => String(part).padStart(2, "0")).join("-")}`;
}

function expireAutomated(account: RdsAccount, instance: InstanceRecord): void {
  for (const [key, one] of account.snapshots)
    if (!one.manual && one.instance === instance.id && one.startedAt < nowIn(account) - days(instance.retentionDays)) account.snapshots.delete(key);
}

function begin(
  account: RdsAccount,
  instance: InstanceRecord,
  of: { readonly id: string; readonly manual: boolean; readonly tags: readonly RdsTag[] },
): SnapshotRecord {
  const { region, clock } = account.kernel;
  const before = [...account.snapshots.values()].some((one) => one.instance === instance.id && one.region === region && one.status === "available");
  const { snapshotBase, snapshotBytesPerSecond, changed } = account.rates;
  const takes = lasting(account, { base: snapshotBase, bytes: before ? instance.bytes * changed : instance.bytes, perSecond: snapshotBytesPerSecond });
  const snapshot: SnapshotRecord = {
    ...of,
    region,
    instance: instance.id,
    bytes: instance.bytes,
    allocatedGiB: instance.allocatedGiB,
    engineVersion: instance.engineVersion,
    encrypted: instance.encrypted,
    kmsKey: instance.encrypted ? `arn:aws:kms:${region}:${account.kernel.accountId}:key/the-lab-s-key` : undefined,
    startedAt: nowIn(account),
    takes,
    copyOf: undefined,
    originalAt: nowIn(account),
    status: "creating",
    contentsOf: undefined,
  };
  account.snapshots.set(`${region}/${of.id}`, snapshot);
  tellSnapshot(account, snapshot, of.manual ? "RDS-EVENT-0040" : "RDS-EVENT-0090");
  // The storage's own moment comes some seconds after the call.
  clock.in(seconds(5), () => {
    snapshot.contentsOf = epochMs(nowIn(account) - seconds(1));
  });
  const fails = of.manual && befalls(account, "snapshot-fails");
  const hangs = of.manual && befalls(account, "snapshot-hangs");
  if (!hangs) clock.in(takes, () => finish(account, snapshot, fails));
  return snapshot;
}

function finish(account: RdsAccount, snapshot: SnapshotRecord, fails: boolean): void {
  if (account.snapshots.get(`${snapshot.region}/${snapshot.id}`) !== snapshot) return;
  snapshot.status = fails ? "failed" : "available";
  if (fails) {
    account.kernel.record({ kind: "world", what: "snapshot-failed", about: snapshot.id, detail: {} });
    return;
  }
  tellSnapshot(account, snapshot, snapshot.manual ? "RDS-EVENT-0042" : "RDS-EVENT-0091");
  const instance = account.instances.get(snapshot.instance);
  if (!snapshot.manual && instance !== undefined) tellInstance(account, instance, "RDS-EVENT-0002");
}

/**
 * Copies into the region that is called. An encrypted one needs a key of that region; a copy is incremental only while the last completed
 * copy under the same key exists; at most 20 are in progress a region; tags are those given, else none unless `CopyTags`.
 * Source: "Copying a DB snapshot", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html (2026-11-21); which fault names the 20 is assumed.
 */
export function copySnapshot(account: RdsAccount, asked: CopyDBSnapshotMessage, region: string): DBSnapshot {
  const source = snapshotIn(account, asked.SourceDBSnapshotIdentifier ?? "", region);
  const id = asked.TargetDBSnapshotIdentifier ?? "";
  checkName(id);
  const key = `${region}/${id}`;
  if (account.snapshots.has(key))
    throw new AwsFault("DBSnapshotAlreadyExistsFault", `Cannot copy the snapshot because a snapshot with the identifier ${id} already exists.`);
  if (source.status !== "available") throw new AwsFault("InvalidDBSnapshotStateFault", `The snapshot ${source.id} is in the ${source.status} state.`);
  const abroad = source.region !== region;
  if (abroad && source.encrypted && asked.KmsKeyId === undefined)
    throw new AwsFault("KMSKeyNotAccessibleFault", "KmsKeyId must be specified when copying an encrypted snapshot across regions.");
  if (asked.KmsKeyId?.startsWith("arn:") === true && asked.KmsKeyId.split(":")[3] !== region)
    throw new AwsFault("KMSKeyNotAccessibleFault", `The KMS key ${asked.KmsKeyId} is not of ${region}.`);
  const running = [...account.snapshots.values()].filter((one) => one.region === region && one.status === "copying").length;
  if (running >= 20) throw new AwsFault("SnapshotQuotaExceededFault", "Cannot have more than 20 snapshot copies in progress to this region.");
  checkQuota(account, region);
  const kmsKey = asked.KmsKeyId ?? source.kmsKey;
  const increment = [...account.snapshots.values()].some(
    (one) => one.region === region && one.instance === source.instance && one.copyOf !== undefined && one.status === "available" && one.kmsKey === kmsKey,
  );
  const { snapshotBase, copyBytesPerSecond, changed } = account.rates;
  const copy: SnapshotRecord = {
    ...source,
    id,
    region,
    manual: true,
    kmsKey,
    tags: asked.Tags !== undefined ? toTags(asked.Tags) : asked.CopyTags === true ? source.tags : [],
    startedAt: nowIn(account),
    takes: lasting(account, { base: snapshotBase, bytes: source.bytes * (increment && abroad ? changed : 1), perSecond: copyBytesPerSecond }),
    copyOf: asked.SourceDBSnapshotIdentifier,
    status: "copying",
  };
  account.snapshots.set(key, copy);
  account.kernel.record({ kind: "world", what: "copy-began", about: id, detail: { region, incremental: increment && abroad, takes: copy.takes } });
  const fails = befalls(account, "copy-fails");
  account.kernel.clock.in(copy.takes, () => {
    if (account.snapshots.get(key) !== copy) return;
    copy.status = fails ? "failed" : "available";
    account.kernel.record({ kind: "world", what: fails ? "copy-failed" : "copy-finished", about: id, detail: { region } });
  });
  return describeSnapshot(account, copy);
}

/** Only what is `available` or `failed`, and manual, can be deleted ("DeleteDBSnapshot", same reference). */
export function deleteSnapshot(account: RdsAccount, given: string, region: string): DBSnapshot {
  const snapshot = snapshotIn(account, given, region);
  if (!snapshot.manual) throw new AwsFault("InvalidDBSnapshotStateFault", `Cannot delete the snapshot ${snapshot.id} because it is not a manual snapshot.`);
  if (snapshot.status !== "available" && snapshot.status !== "failed")
    throw new AwsFault("InvalidDBSnapshotStateFault", `Cannot delete the snapshot ${snapshot.id} because it is not in the available state.`);
  const view = describeSnapshot(account, snapshot);
  const others = [...account.snapshots.values()].filter((one) => one !== snapshot && one.region === region && one.instance === snapshot.instance);
  const newest = !others.some((one) => one.manual && one.status === "available" && one.originalAt >= snapshot.originalAt);
  account.kernel.record({ kind: "world", what: "snapshot-deleted", about: snapshot.id, detail: { region, newest, instance: snapshot.instance } });
  account.snapshots.delete(`${region}/${snapshot.id}`);
  tellSnapshot(account, snapshot, "RDS-EVENT-0041");
  return { ...view, Status: "deleted" };
}

/** Those that count against the quota of a region: manual ones, whatever state they are in. */
export const manualIn = (account: RdsAccount, region: string): number =>
  [...account.snapshots.values()].filter((one) => one.manual && one.region === region).length;

function checkQuota(account: RdsAccount, region: string): void {
  if (manualIn(account, region) >= account.quota.snapshots)
    throw new AwsFault("SnapshotQuotaExceededFault", `Cannot create more than ${account.quota.snapshots} manual snapshots`);
}

function checkName(id: string): void {
  if (!/^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{0,254}$/.test(id) || id.endsWith("-"))
    throw new AwsFault(
      "InvalidParameterValue",
      `Invalid snapshot identifier: ${id}. It begins with a letter and has letters, digits and single hyphens, none at the end.`,
    );
}

/** Tags as they were asked for. */
export const toTags = (tags: readonly Tag[] | undefined): readonly RdsTag[] => (tags ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value }));
