import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { type BackupRecord, backupId, type BackupSettings, type DatabaseSettings, days, emptyControl, epochMs, hours, type Mode, ms } from "@nightshift/model";
import { openTrouble } from "@nightshift/runtime/backup-incidents";
import { type BackupAccount, backupAccount, Died } from "@nightshift/runtime/testing/backup-account";
import { describe, expect, test } from "vitest";
import { pruneAll } from "./entry.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 6, 30));
const database = (mode: Mode): DatabaseSettings => ({ ...shopDatabase, mode, snapshots: { keep: days(30), copyTo: undefined } });
const backups = (mode: Mode): BackupSettings => ({
  databases: [database(mode)],
  tables: [],
  caches: [],
  media: [],
  configuration: undefined,
  secondRegion: undefined,
  lockFor: days(7),
});

/** Forty proven nights in the store, and as many snapshots. */
function stage(): BackupAccount {
  const account = backupAccount(at);
  for (let n = 0; n < 40; n++) {
    const scheduled = epochMs(at - days(n) - hours(4));
    const dump: BackupRecord = {
      id: backupId(`shop-${n}-nightly`),
      of: "shop",
      kind: "dump",
      series: "nightly",
      state: "verified",
      proof: "restored-and-compared",
      scheduled,
      contentsOf: scheduled,
      times: {},
      version: 1,
    };
    account.rows.set(dump.id, dump);
    account.shelved.push({ id: dump.id, of: "shop", contentsOf: scheduled, scheduled, bytes: 1, verified: true, suspect: false, objects: [] });
    const id = backupId(`shop-${n}-nightly-snapshot`);
    const where = `arn:aws:rds:eu-west-1:123456789012:snapshot:s${n}`;
    account.rows.set(id, { ...dump, id, kind: "rds-snapshot", state: "uploaded", proof: "exists", where });
  }
  return account;
}
const run = (account: BackupAccount, { mode = "auto", world = account.world }: { mode?: Mode; world?: BackupAccount["world"] } = {}) =>
  pruneAll({ world, backups: backups(mode), mode, log: () => {} });
const locksIn = ({ pruned }: BackupAccount) => pruned.filter((one) => one.startsWith("lock "));
const standing = ({ rows }: BackupAccount, kind: BackupRecord["kind"]) =>
  [...rows.values()].filter((row) => row.kind === kind && row.state !== "pruned").length;

test("what retention removes is written down first, then deleted, then marked; the folders point at what is kept", async () => {
  const account = stage();
  await run(account);
  const plans = account.pruned.filter((one) => one.startsWith("plan "));
  const removals = account.pruned.filter((one) => one.startsWith("remove "));
  expect(plans.length).toBe(10);
  expect(account.pruned.filter((one) => !one.startsWith("lock ")).slice(0, 10)).toEqual(plans);
  expect(removals.map((one) => one.replace("remove", "plan"))).toEqual(plans);
  expect(standing(account, "dump")).toBe(30);
  expect(account.shelved.length).toBe(30);
  expect(account.pointers.length).toBeGreaterThan(7);
});

test("run after run it comes to an end, and never below what is kept", async () => {
  const account = stage();
  for (let n = 0; n < 6; n++) await run(account);
  const kept = account.shelved.length;
  expect(kept).toBeGreaterThanOrEqual(10);
  expect(kept).toBeLessThanOrEqual(16);
  await run(account);
  expect(account.shelved.length).toBe(kept);
  expect(account.shelved.some(({ id }) => id === "shop-0-nightly")).toBe(true);
});

test("snapshots older than their time go, and their rows say so", async () => {
  const account = stage();
  await run(account);
  expect(account.cloud.deleted.toSorted()).toEqual([
    "eu-west-1/s31",
    "eu-west-1/s32",
    "eu-west-1/s33",
    "eu-west-1/s34",
    "eu-west-1/s35",
    "eu-west-1/s36",
    "eu-west-1/s37",
    "eu-west-1/s38",
    "eu-west-1/s39",
  ]);
  expect(standing(account, "rds-snapshot")).toBe(31);
});

test("what runs that died left behind goes after two days, and is counted in the log; data of a backup that was committed once stays", async () => {
  const account = stage();
  const orphan = (id: string, age: number) => ({ of: "shop", id: backupId(id), at: epochMs(at - age) });
  const [old, young, committed] = [orphan("shop-dead-nightly", days(2) + 1), orphan("shop-busy-nightly", days(2)), orphan("shop-5-nightly", days(5))];
  account.leftovers.push(old, young, committed);
  const lines: Readonly<Record<string, unknown>>[] = [];
  await pruneAll({ world: account.world, backups: backups("auto"), mode: "auto", log: (line) => lines.push(line) });
  expect(account.leftovers).toEqual([young, committed]);
  expect(lines).toMatchObject([{ of: "shop", outcome: "all", cleared: 1 }]);
});

test("no more than 500 of them go in a run", async () => {
  const account = stage();
  for (let n = 0; n < 501; n++) account.leftovers.push({ of: "shop", id: backupId("shop-dead-nightly"), at: epochMs(at - days(9)) });
  await run(account);
  expect(account.leftovers.length).toBe(1);
});

describe("what is kept is locked for as long as it is", () => {
  const said = ({ world }: BackupAccount) => [...world.said.values()].flatMap((lines) => [...lines.values()].map(({ text }) => text));
  const locked = async (account: BackupAccount, set: Partial<BackupSettings> = {}) =>
    pruneAll({ world: account.world, backups: { ...backups("auto"), ...set }, mode: "auto", log: () => {} });

  test("the intent stands on record before the call; the second run of the day finds nothing to lock", async () => {
    const account = stage();
    await run(account);
    const first = locksIn(account);
    expect(first.length).toBe(12);
    expect(first).toContain("lock shop-0-nightly until 2026-11-28");
    // The 15th was a Sunday, the 1st a Sunday and the first of its month.
    expect(first).toContain("lock shop-6-nightly until 2026-12-15");
    expect(first).toContain("lock shop-20-nightly until 2027-01-30");
    const audited = account.world.records.filter(({ body }) => String(body["does"]).startsWith("lock the backup")).map(({ kind }) => kind);
    expect(audited).toEqual(first.flatMap(() => ["intent", "outcome"]));
    await run(account);
    expect(locksIn(account)).toEqual(first);
  });

  test("a lock that ends later stays, whatever the config keeps now", async () => {
    const account = stage();
    const later = epochMs(at + days(400));
    account.shelved.splice(0, account.shelved.length, ...account.shelved.map((one) => ({ ...one, lockedUntil: later })));
    await run(account);
    expect(locksIn(account)).toEqual([]);
    expect(account.shelved.every(({ lockedUntil }) => lockedUntil === later)).toBe(true);
  });

  test.each(["shadow", "ask"] as const)("not in mode %s", async (mode) => {
    const account = stage();
    await run(account, { mode });
    expect(locksIn(account)).toEqual([]);
  });

  test.each([
    ["zero", { lockFor: ms(0) }],
    ["not set", { lockFor: undefined }],
  ])("nor where lockFor is %s", async (_, set) => {
    const account = stage();
    await locked(account, set as Partial<BackupSettings>);
    expect(locksIn(account)).toEqual([]);
  });

  test("a store that does not lock what it says it locked is found out by looking again, and told", async () => {
    const account = stage();
    Object.assign(account.world.backupPruning, { lock: async () => "locked" });
    await run(account);
    expect(said(account)[0]).toContain("12 backups of shop could not be locked for longer: shop-");
    expect(said(account)[0]).toContain("and the store says that it is not locked");
  });

  test("a store without locks is told, and deleting goes on", async () => {
    const account = stage();
    Object.assign(account.world.backupPruning, { lock: async () => "unsupported" });
    await run(account);
    expect(said(account)[0]).toContain("its bucket knows no Object Lock, and backups.lockFor asks for it");
    expect(account.shelved.length).toBe(30);
  });
});

describe("nothing is deleted", () => {
  test.each(["shadow", "ask"] as const)("in mode %s, which tells what would be", async (mode) => {
    const account = stage();
    await run(account, { mode });
    expect([account.pruned, account.cloud.deleted]).toEqual([[], []]);
    expect([...account.world.openings.keys()]).toEqual(["INC-261121-0630-shop-retention"]);
  });
  test("inside a hold", async () => {
    const account = stage();
    account.world.state = { ...emptyControl, holds: [{ scope: "shop", by: "lead", because: "audit", at, until: undefined }] };
    await run(account);
    expect([account.pruned, account.cloud.deleted]).toEqual([[], []]);
  });
  test("while clocks differ, which is told", async () => {
    const account = stage();
    const { shelf } = account.world;
    Object.assign(account.world, { shelf: { ...shelf, clock: async () => epochMs(account.world.at + hours(1)) } });
    await run(account);
    expect([account.pruned, account.cloud.deleted]).toEqual([[], []]);
    expect(
      [...account.world.said.values()].flatMap((said) => [...said.values()]).some(({ text }) => text.includes("no backup of shop is deleted any more")),
    ).toBe(true);
  });
  test("and once clocks agree again the same incident says that retention goes on, once", async () => {
    const account = stage();
    const { shelf } = account.world;
    Object.assign(account.world, { shelf: { ...shelf, clock: async () => epochMs(account.world.at + hours(1)) } });
    await run(account);
    expect((await openTrouble(account.world, "retention-shop"))?.id).toBe("INC-261121-0630-shop-retention");
    // The night's own trouble is another one: a proven night does not end it.
    expect(await openTrouble(account.world, "backups-shop")).toBe(undefined);
    Object.assign(account.world, { shelf, at: epochMs(at + days(1)) });
    await run(account);
    expect(await openTrouble(account.world, "retention-shop")).toBe(undefined);
    const said = () => [...account.world.said.values()].flatMap((lines) => [...lines.values()].map(({ text }) => text)).filter((text) => text.startsWith("✓"));
    expect(said()).toEqual(["✓ retention of shop goes on: nothing is in its way any more, and what is kept is locked"]);
    await run(account);
    expect(said().length).toBe(1);
  });
  test("under a restore that began after the plan was made", async () => {
    const account = stage();
    const { backupBook } = account.world;
    Object.assign(account.world, {
      backupBook: {
        ...backupBook,
        find: async (of: string, id: ReturnType<typeof backupId>) => {
          const row = await backupBook.find(of, id);
          return row === undefined ? undefined : { ...row, pinnedUntil: epochMs(at + hours(1)) };
        },
      },
    });
    await run(account);
    expect(account.pruned.filter((one) => one.startsWith("remove "))).toEqual([]);
    expect(account.cloud.deleted).toEqual([]);
  });
});

test.each(["before", "after"] as const)("a machine that dies %s any of its calls deletes nothing that the plan kept; the next run goes on", async (when) => {
  const clean = stage();
  for (let n = 0; n < 8; n++) await run(clean);
  const kept = clean.shelved.map(({ id }) => id).toSorted();
  const locks = clean.shelved.map(({ id, lockedUntil }) => `${id} ${lockedUntil}`).toSorted();
  let longest = 0;
  for (let line = 1; line <= 400; line += 2) {
    const account = stage();
    await run(account, { world: account.mortal(line, when) }).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
    if (account.calls < line) break;
    longest = line;
    for (let n = 0; n < 8; n++) await run(account);
    expect({ line, kept: account.shelved.map(({ id }) => id).toSorted() }).toEqual({ line, kept });
    expect(account.shelved.map(({ id, lockedUntil }) => `${id} ${lockedUntil}`).toSorted()).toEqual(locks);
  }
  // Every call of a run was the last one of a machine, and none was left out for being too late.
  expect([longest > 150, longest < 399]).toEqual([true, true]);
});
