import {
  type DBInstance,
  type DBSnapshot,
  DescribeAccountAttributesCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
} from "@aws-sdk/client-rds";
import type { Databases, DatabaseSnapshot } from "@nightshift/ports";
import { allPages } from "./pages.ts";
import { need } from "./partial.ts";
import { instanceFrom, readInstance, readSnapshot, snapshotFrom, where } from "./rds-reading.ts";
import type { Reach } from "./reach.ts";

/** The most that one call tells. Source: "DescribeDBSnapshots" (MaxRecords), https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html, 2026-11-21. */
const recordsPerCall = 100;
// 2,000 snapshots of one instance, 1,000 instances: more than an account that this is for has.
const snapshotPages = 20;
const instancePages = 10;
const snapshotsTold = 200;
const disposableTold = 100;

/** How instances that Nightshift made are called (decision 51): those for verification are swept, those that somebody asked for never. */
export const disposablePrefixes = { verify: "nightshift-verify-", restore: "nightshift-restore-" } as const;

/** RDS as it is. `instance`, `snapshot`, `quota`: 1 call. `snapshots`, `disposable`: 1 for a hundred. */
export const databasesFrom = (reach: Reach): Databases => ({
  instance: (instance) => readInstance(reach, instance),
  snapshot: (id, region) => readSnapshot(reach, id, region),
  async snapshots(instance, region) {
    const found = await listSnapshots(reach, instance, region);
    return found.map(snapshotFrom).sort(newestFirst).slice(0, snapshotsTold);
  },
  quota: (region) => snapshotQuota(reach, region),
  async disposable() {
    const found = await listInstances(reach);
    return found
      .filter(({ DBInstanceIdentifier: name = "" }) => Object.values(disposablePrefixes).some((prefix) => name.startsWith(prefix)))
      .map(instanceFrom)
      .slice(0, disposableTold);
  },
});

/** One that is still being made has no time yet, and is the newest. */
const newestFirst = (a: DatabaseSnapshot, b: DatabaseSnapshot): number =>
  (b.created ?? Number.POSITIVE_INFINITY) - (a.created ?? Number.POSITIVE_INFINITY) || 0;

function listSnapshots({ connections, calls }: Reach, instance: string, region: string | undefined): Promise<readonly DBSnapshot[]> {
  const call = { operation: "rds:DescribeDBSnapshots", on: where(instance, region) };
  return allPages(call, snapshotPages, async (Marker) => {
    const input = { DBInstanceIdentifier: instance, MaxRecords: recordsPerCall, ...(Marker === undefined ? {} : { Marker }) };
    const answer = await calls.read(call, async () => (await connections.rds(region)).send(new DescribeDBSnapshotsCommand(input)));
    return { items: answer.DBSnapshots ?? [], next: answer.Marker };
  });
}

function listInstances({ connections, calls }: Reach): Promise<readonly DBInstance[]> {
  const call = { operation: "rds:DescribeDBInstances", on: "all instances" };
  return allPages(call, instancePages, async (Marker) => {
    const input = { MaxRecords: recordsPerCall, ...(Marker === undefined ? {} : { Marker }) };
    const answer = await calls.read(call, async () => (await connections.rds()).send(new DescribeDBInstancesCommand(input)));
    return { items: answer.DBInstances ?? [], next: answer.Marker };
  });
}

/**
 * `ManualSnapshots` is one of the quotas' names, with how many there are and how many there may be: 100 a region unless AWS raised it; automated ones do not
 * count. How many copies are under way no call tells: 20 to one region may be, so that one too many is found out by asking for it.
 * Sources: "AccountQuota", https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AccountQuota.html; "Quotas and constraints for Amazon RDS",
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html; "Copying a DB snapshot",
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html, 2026-11-21.
 */
async function snapshotQuota({ connections, calls }: Reach, region: string | undefined): Promise<{ readonly used: number; readonly most: number }> {
  const call = { operation: "rds:DescribeAccountAttributes", on: region ?? "our region" };
  const answer = await calls.read(call, async () => (await connections.rds(region)).send(new DescribeAccountAttributesCommand({})));
  const quota = need(
    call,
    "quota ManualSnapshots",
    answer.AccountQuotas?.find(({ AccountQuotaName: name }) => name === "ManualSnapshots"),
  );
  return { used: need(call, "ManualSnapshots.Used", quota.Used), most: need(call, "ManualSnapshots.Max", quota.Max) };
}
