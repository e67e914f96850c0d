import { pinnedUntil } from "@nightshift/decide/backups/decide-restore";
import { type BackupRecord, backupId, type EpochMs, epochMs, hours, minutes } from "@nightshift/model";
import { runIn } from "@nightshift/runtime";
import { backupAccount } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { expect, test } from "vitest";
import { beginRestore } from "./begin.ts";
import { unpinRead } from "./pin.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 9, 30));
const asked = epochMs(at - minutes(4));
const row: BackupRecord = {
  ...{ id: backupId("shop-261001-0200-nightly-snapshot"), of: "shop", kind: "rds-snapshot", series: "nightly", state: "uploaded", proof: "exists" },
  ...{ scheduled: epochMs(at - hours(999)), where: "arn:aws:rds:eu-west-1:123456789012:snapshot:old", times: {}, version: 1 },
};
type Begun = Parameters<typeof beginRestore>[1];
const verdict = (from: Extract<Begun["way"], { kind: "instance" }>["from"]): Begun => ({
  kind: "restore",
  because: [],
  order: { of: "shop", by: "lead", because: "a bad migration", asked, ...("snapshot" in from ? { backup: row.id } : { at: from.at }) },
  way: { kind: "instance", instance: "nightshift-restore-shop-261121-0926", from },
  source: { endpoint: "shop-prod:5432", instanceClass: "db.m6g.large", subnetGroup: "production", securityGroups: [], parameterGroup: undefined },
  tags: {},
});

function stage(over: Partial<BackupRecord> = {}) {
  const account = backupAccount(at);
  account.cloud.instances.set("shop-prod", instanceOf("shop-prod"));
  const { where: arn = "" } = row;
  account.cloud.snapshots.set("eu-west-1/old", {
    ...{ id: "old", arn, instance: "shop-prod", region: "eu-west-1", manual: true, status: "available", progress: 100, created: at, contentsOf: at },
    ...{ allocatedGiB: 100, encrypted: true, tags: {}, availableAt: at },
  });
  account.rows.set(row.id, { ...row, ...over });
  const run = runIn(account.world, account.checkpoints, "restore/R-shop-7f3a");
  return { account, run, pinned: (): EpochMs | undefined => account.rows.get(row.id)?.pinnedUntil };
}

test("the snapshot that is restored from is pinned before the hours that the safety snapshot takes, and its mark can be taken off again", async () => {
  const { account, run, pinned } = stage();
  const seen: (EpochMs | undefined)[] = [];
  const { take } = account.world.snapshotTaking;
  Object.assign(account.world, {
    snapshotTaking: {
      ...account.world.snapshotTaking,
      take: (it: Parameters<typeof take>[0]) => {
        seen.push(pinned());
        return take(it);
      },
    },
  });
  const { pin, begun } = await beginRestore(run, verdict({ snapshot: "old" }));
  expect([begun.kind, seen, pin]).toEqual(["done", [pinnedUntil(asked)], { id: row.id, until: pinnedUntil(asked) }]);
  if (pin !== undefined) await unpinRead(run, "shop", pin);
  expect(pinned()).toBe(undefined);
});

test("the mark of another restore that reads from it, too, is put back, and a later one is left", async () => {
  const soon = epochMs(at + hours(1));
  const first = stage({ pinnedUntil: soon });
  const { pin } = await beginRestore(first.run, verdict({ snapshot: "old" }));
  expect([pin?.before, first.pinned()]).toEqual([soon, pinnedUntil(asked)]);
  if (pin !== undefined) await unpinRead(first.run, "shop", pin);
  expect(first.pinned()).toBe(soon);
  const late = epochMs(at + hours(99));
  const second = stage({ pinnedUntil: late });
  const other = await beginRestore(second.run, verdict({ snapshot: "old" }));
  if (other.pin !== undefined) await unpinRead(second.run, "shop", other.pin);
  expect(second.pinned()).toBe(late);
});

test("a snapshot that retention deleted in between is not restored from, and nothing is saved for it", async () => {
  const { account, run } = stage({ state: "pruned" });
  const { begun } = await beginRestore(run, verdict({ snapshot: "old" }));
  expect(begun).toMatchObject({ kind: "refused", because: "retention deleted it meanwhile: choose another backup" });
  expect([account.cloud.snapshots.size, account.cloud.restores]).toEqual([1, []]);
});

test("a point in time reads from nothing that retention deletes", async () => {
  const { run, pinned } = stage();
  expect((await beginRestore(run, verdict({ source: "shop-prod", at: epochMs(at - hours(2)) }))).pin).toBe(undefined);
  expect(pinned()).toBe(undefined);
});

test("a safety snapshot that failed is in the book, so that retention finds it", async () => {
  const { account, run } = stage();
  const { snapshot } = account.world.databases;
  const failing: typeof snapshot = async (id) => {
    const found = await snapshot(id);
    return found === undefined || id === "old" ? found : { ...found, status: "failed" };
  };
  Object.assign(account.world, { databases: { ...account.world.databases, snapshot: failing } });
  expect((await beginRestore(run, verdict({ snapshot: "old" }))).begun.kind).toBe("refused");
  expect([...account.rows.values()].find(({ series }) => series === "safety")).toMatchObject({ state: "failed", because: "RDS says failed" });
});
