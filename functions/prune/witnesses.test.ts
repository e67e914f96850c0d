import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { type BackupRecord, backupId, type DatabaseSettings, days, epochMs, hours } from "@nightshift/model";
import { type BackupAccount, backupAccount } from "@nightshift/runtime/testing/backup-account";
import { describe, expect, test } from "vitest";
import { pruneAll } from "./entry.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 6, 30));

/** Forty proven nights in the store, and as many snapshots. */
function stage(): BackupAccount {
  const account = backupAccount(at);
  for (let n = 0; n < 40; n++) {
    const id = backupId(`shop-${n}-nightly`);
    const moment = epochMs(at - days(n) - hours(4));
    const dump: BackupRecord = {
      ...{ id, of: "shop", kind: "dump", series: "nightly", state: "verified", proof: "restored-and-compared" },
      ...{ scheduled: moment, contentsOf: moment, times: {}, version: 1 },
    };
    account.rows.set(id, dump);
    account.shelved.push({ id, of: "shop", contentsOf: moment, scheduled: moment, bytes: 1, verified: true, suspect: false, objects: [] });
    const snapshot = backupId(`${id}-snapshot`);
    const where = `arn:aws:rds:eu-west-1:123456789012:snapshot:s${n}`;
    account.rows.set(snapshot, { ...dump, id: snapshot, kind: "rds-snapshot", state: "uploaded", proof: "exists", where });
  }
  return account;
}
const run = (account: BackupAccount, over: Partial<DatabaseSettings> = {}) =>
  pruneAll({
    world: account.world,
    backups: {
      databases: [{ ...shopDatabase, mode: "auto", snapshots: { keep: days(30), copyTo: undefined }, ...over }],
      ...{ tables: [], caches: [], media: [], configuration: undefined, secondRegion: undefined },
    },
    mode: "auto",
    log: () => {},
  });
const standing = ({ rows }: BackupAccount, kind: BackupRecord["kind"]) =>
  [...rows.values()].filter((row) => row.kind === kind && row.state !== "pruned").length;

test("what RDS would not delete yet is not called gone, and is asked for again", async () => {
  const account = stage();
  const { snapshotPruning } = account.world;
  Object.assign(account.world, { snapshotPruning: { ...snapshotPruning, delete: async () => "busy" } });
  await run(account);
  expect(standing(account, "rds-snapshot")).toBe(40);
  Object.assign(account.world, { snapshotPruning });
  await run(account);
  expect([standing(account, "rds-snapshot"), account.cloud.deleted.length]).toEqual([31, 9]);
});

test("while a copy in the second region is busy, what it was made of stays, and its row", async () => {
  const account = stage();
  const { snapshotPruning } = account.world;
  const busyThere = async (id: string, region?: string) => (region === "us-west-2" ? "busy" : snapshotPruning.delete(id, region));
  Object.assign(account.world, { snapshotPruning: { ...snapshotPruning, delete: busyThere } });
  const play = () => run(account, { snapshots: { keep: days(30), copyTo: { region: "us-west-2", kmsKey: undefined } } });
  await play();
  expect([standing(account, "rds-snapshot"), account.cloud.deleted]).toEqual([40, []]);
  Object.assign(account.world, { snapshotPruning });
  await play();
  expect(standing(account, "rds-snapshot")).toBe(31);
  // A copy that came too late for its row is deleted by its name, and first.
  expect(account.cloud.deleted.slice(0, 2)).toEqual(["us-west-2/s39", "eu-west-1/s39"]);
});

test("safety snapshots of a database that has no others go after a week, beside what else is proven", async () => {
  const account = stage();
  for (const [id, row] of account.rows) if (row.kind === "rds-snapshot") account.rows.set(id, { ...row, series: "safety" });
  for (let n = 0; n < 4; n++) await run(account, { snapshots: undefined });
  expect(standing(account, "rds-snapshot")).toBe(8);
});

describe("what the store proves and the ledger does not", () => {
  const said = ({ world }: BackupAccount) => [...world.said.values()].flatMap((lines) => [...lines.values()].map(({ text }) => text));

  test("stops retention, is told, and is suspect in the ledger until somebody accepts it; then retention goes on", async () => {
    const account = stage();
    const set = (n: number, over: Partial<BackupRecord>) => {
      const row = account.rows.get(`shop-${n}-nightly`);
      if (row !== undefined) account.rows.set(row.id, { ...row, ...over });
    };
    for (let n = 1; n < 14; n++) set(n, { state: "failed", because: "it was not started" });
    for (let n = 0; n < 5; n++) await run(account);
    expect([account.shelved.length, account.cloud.deleted]).toEqual([40, []]);
    expect(said(account)[0]).toContain(
      "no backup of shop is deleted any more: shop-1-nightly is suspect: its proof in the store fits, and the ledger calls it",
    );
    expect(account.rows.get("shop-1-nightly")).toMatchObject({
      state: "suspect",
      because: "its proof in the store fits, and the ledger calls it failed; it was not started",
    });
    for (let n = 1; n < 14; n++) set(n, { acknowledgedBy: "ana" });
    await run(account);
    expect(account.shelved.length).toBe(30);
  });

  test("has a row from then on where it had none and is one of three", async () => {
    const account = stage();
    for (const n of [0, 1]) account.rows.delete(`shop-${n}-nightly`);
    await run(account);
    expect([account.rows.has("shop-0-nightly"), account.shelved.length]).toEqual([false, 30]);
    account.rows.delete("shop-2-nightly");
    await run(account);
    expect([account.rows.get("shop-0-nightly")?.state, account.shelved.length]).toEqual(["suspect", 30]);
    expect(account.rows.get("shop-0-nightly")?.because).toBe("its proof in the store fits, and the ledger knows nothing of it");
  });
});
