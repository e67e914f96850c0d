import { type EpochMs, epochMs, minutes, ms, seconds, type Ms } from "@nightshift/model";
import { AwsFault, type Kernel } from "../../kernel.ts";
import { between, hex, type Random } from "../../world/chance.ts";
import type { InstanceRecord, InstanceSpec, RdsRates, RdsTag, RdsTrouble, SnapshotRecord } from "./records.ts";

/** Everything RDS holds in the account, in all regions; the instances are in the account's own. */
export interface RdsAccount {
  readonly kernel: Kernel;
  readonly random: Random;
  readonly rates: RdsRates;
  readonly instances: Map<string, InstanceRecord>;
  /** By region and id. */
  readonly snapshots: Map<string, SnapshotRecord>;
  readonly expected: RdsTrouble[];
  /** Manual snapshots of a region, instances of the account. */
  readonly quota: { snapshots: number; readonly instances: number };
}

const GIB = 2 ** 30;

/** The lab's rates: see {@link RdsRates}. */
export const labRates: RdsRates = {
  snapshotBase: seconds(90),
  snapshotBytesPerSecond: 100e6,
  changed: 0.05,
  copyBytesPerSecond: 80e6,
  restoreBase: { least: minutes(6), most: minutes(12) },
  hydrationBytesPerSecond: 80e6,
  deleting: minutes(4),
};

/** An empty account with AWS's default quotas: 100 manual snapshots a region, 40 instances ("Quotas and constraints for Amazon RDS", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html, 2026-11-21). */
export const emptyRds = (kernel: Kernel): RdsAccount => ({
  kernel,
  random: kernel.random("rds"),
  rates: labRates,
  instances: new Map(),
  snapshots: new Map(),
  expected: [],
  quota: { snapshots: 100, instances: 40 },
});

/** The account's present moment. */
export const nowIn = (account: RdsAccount): EpochMs => account.kernel.clock.now();

/** An instance that has been there for long. */
export function standingInstance(account: RdsAccount, spec: InstanceSpec): InstanceRecord {
  const major = (spec.engineVersion ?? "17.5").split(".")[0];
  return {
    id: spec.id,
    resourceId: newResourceId(account),
    bytes: spec.bytes,
    allocatedGiB: spec.allocatedGiB ?? Math.max(20, Math.ceil((2 * spec.bytes) / GIB)),
    engineVersion: spec.engineVersion ?? "17.5",
    instanceClass: spec.instanceClass ?? "db.t4g.medium",
    multiAz: spec.multiAz ?? true,
    encrypted: spec.encrypted ?? true,
    retentionDays: spec.retentionDays ?? 7,
    parameterGroup: spec.parameterGroup ?? `shop-postgres${major}`,
    subnetGroup: spec.subnetGroup ?? "private",
    securityGroups: spec.securityGroups ?? ["sg-0database"],
    publiclyAccessible: false,
    deletionProtection: spec.deletionProtection ?? true,
    createdAt: epochMs(nowIn(account) - minutes(60 * 24 * 90)),
    contentsOf: undefined,
    tags: tagsOf(spec.tags ?? {}),
    status: "available",
    availableAt: epochMs(nowIn(account) - minutes(60 * 24 * 90)),
    hydratedAt: undefined,
    logsStoppedAt: undefined,
  };
}

/** Tags as RDS writes them. */
export const tagsOf = (tags: Readonly<Record<string, string>>): readonly RdsTag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** An instance's lasting name. */
export const newResourceId = (account: RdsAccount): string => `db-${hex(account.random, 26).toUpperCase()}`;

/** @throws {AwsFault} DBInstanceNotFoundFault */
export function instanceIn(account: RdsAccount, id: string): InstanceRecord {
  const found = account.instances.get(id);
  if (found === undefined) throw new AwsFault("DBInstanceNotFoundFault", `DBInstance ${id} not found.`, 404);
  return found;
}

/** By its name, or its ARN, which says the region. @throws {AwsFault} DBSnapshotNotFoundFault */
export function snapshotIn(account: RdsAccount, given: string, region: string): SnapshotRecord {
  const [, , , itsRegion = region, , , ...rest] = given.split(":");
  const found = given.startsWith("arn:") ? account.snapshots.get(`${itsRegion}/${rest.join(":")}`) : account.snapshots.get(`${region}/${given}`);
  if (found === undefined) throw new AwsFault("DBSnapshotNotFoundFault", `DBSnapshot ${given} not found.`, 404);
  return found;
}

/** Of the account, in a region. */
export const rdsArn = (account: RdsAccount, kind: "db" | "snapshot", id: string, region = account.kernel.region): string =>
  `arn:aws:rds:${region}:${account.kernel.accountId}:${kind}:${id}`;

/** Whether this trouble was expected; it then happens once less. */
export function befalls(account: RdsAccount, trouble: RdsTrouble): boolean {
  const at = account.expected.indexOf(trouble);
  if (at === -1) return false;
  account.expected.splice(at, 1);
  account.kernel.record({ kind: "world", what: trouble, about: "rds", detail: {} });
  return true;
}

/**
 * Logs are stored every five minutes, so the newest moment stands on a five-minute step and is up to that old
 * ("Restoring a DB instance to a specified time", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html, 2026-11-21);
 * that storing takes twenty seconds is assumed.
 */
export function latestRestorable(account: RdsAccount, instance: InstanceRecord): EpochMs | undefined {
  if (instance.retentionDays === 0 || instance.availableAt === undefined) return undefined;
  const seen = Math.min(nowIn(account), instance.logsStoppedAt ?? Number.POSITIVE_INFINITY) - seconds(20);
  const step = epochMs(seen - (seen % minutes(5)));
  return step < instance.availableAt ? undefined : step;
}

/** How long copying so many bytes takes at so many a second, after a base that varies by a fifth. */
export const lasting = (account: RdsAccount, of: { readonly base: Ms; readonly bytes: number; readonly perSecond: number }): Ms =>
  ms(Math.round(of.base * between(account.random, 0.9, 1.1) + (of.bytes / of.perSecond) * 1_000));
