import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { type BackupRecord, backupId, type DatabaseSettings, days, epochMs, minutes, seconds } from "@nightshift/model";
import { expect, test } from "vitest";
import { backupCard } from "./backup-card.ts";
import { backupAccount } from "./testing/backup-account.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 2, 31));
const database: DatabaseSettings = shopDatabase;
const night = (ago: number): BackupRecord => ({
  id: backupId(`shop-${ago}-nightly`),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(at - days(ago) - minutes(31)),
  contentsOf: epochMs(at - days(ago) - minutes(31)),
  sourceBytes: 41e9,
  tables: 214,
  rows: 88_100_000,
  differences: 0,
  times: { dump: seconds(276), download: seconds(60), restore: seconds(662), compare: seconds(90) },
  version: 1,
});

test("the morning's line tells the night, what is kept and what could be lost, from what the ledger knows", async () => {
  const account = backupAccount(at);
  for (let n = 0; n < 10; n++) account.rows.set(`shop-${n}-nightly`, night(n));
  account.samples.push({ at: epochMs(at - minutes(1)), of: "shop", rpo: seconds(192) });
  const card = await backupCard(account.world, { of: "shop", id: backupId("shop-0-nightly") }, [database]);
  expect(card?.summary).toBe("✓ shop  41 GB dumped in 4 m 36 s · restored in 11 m 2 s · 214 tables, 88.1 M rows, 0 differences");
  expect(card?.parts).toEqual([
    {
      kind: "lines",
      lines: [
        "✓ shop  41 GB dumped in 4 m 36 s · restored in 11 m 2 s · 214 tables, 88.1 M rows, 0 differences",
        expect.stringMatching(
          /^kept \d+ \(\d+ daily, \d weekly, 1 monthly\), oldest verified \d+ days · RPO now 3 m 12 s · RTO 38 m 32 s of 1 h \(create target, switch over assumed\)$/,
        ),
      ],
    },
  ]);
});

test("a night that goes on has a line once something is known of its progress, and a red one only takes that line's place", async () => {
  const account = backupAccount(at);
  const card = async (over: Partial<BackupRecord>) => {
    account.rows.set("shop-0-nightly", { ...night(0), ...over });
    const { summary, stands } = (await backupCard(account.world, { of: "shop", id: backupId("shop-0-nightly") }, [database])) ?? {};
    return [summary, stands];
  };
  expect(await card({ state: "running" })).toEqual([undefined, undefined]);
  expect(await card({ state: "running", progress: { at, phase: "restoring", share: 0.5 } })).toEqual([
    "● shop  restoring 50 % · 31 m since 02:00 UTC",
    "going",
  ]);
  expect(await card({ state: "failed", because: "orders: 2 rows differ" })).toEqual([
    "✗ shop  the backup of 2026-11-21 is red: orders: 2 rows differ. Its incident says more.",
    "replaces",
  ]);
});

test("a night that the ledger does not know has no line", async () => {
  expect(await backupCard(backupAccount(at).world, { of: "shop", id: backupId("gone") }, [database])).toBeUndefined();
});
