import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { type BackupRecord, backupId, type BackupSettings, type DatabaseSettings, days, epochMs, hours, minutes, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { type BackupAccount, backupAccount } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { describe, expect, test } from "vitest";
import { sample } from "./entry.ts";

const night = epochMs(Date.UTC(2026, 10, 21, 2, 0));
const database: DatabaseSettings = { ...shopDatabase, rpo: minutes(5) };
const backups: BackupSettings = { databases: [database], tables: [], caches: [], media: [], configuration: undefined, secondRegion: undefined };
const row = (scheduled: number): BackupRecord => ({
  id: backupId(`shop-${scheduled}`),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(scheduled),
  contentsOf: epochMs(scheduled),
  finished: epochMs(scheduled + minutes(30)),
  sourceBytes: 40e9,
  times: { dump: minutes(5), download: minutes(1), restore: minutes(10), compare: minutes(4) },
  version: 1,
});
/** An account at a moment, watched since a week, with these nights. */
function stage(at: number, nights: readonly number[]): BackupAccount {
  const account = backupAccount(epochMs(at));
  account.cloud.instances.set("shop-prod", instanceOf("shop-prod", { latestRestorable: epochMs(at - seconds(192)) }));
  for (const scheduled of nights) {
    const one = row(scheduled);
    account.rows.set(one.id, one);
    account.shelved.push({
      id: one.id,
      of: "shop",
      contentsOf: one.scheduled,
      scheduled: one.scheduled,
      bytes: 1,
      verified: true,
      suspect: false,
      objects: [],
    });
  }
  account.samples.push({ at: epochMs(at - days(2)), of: "shop", rpo: minutes(3) });
  return account;
}
const run = (account: BackupAccount) => sample({ world: account.world, backups, log: () => {} });
const told = ({ world }: BackupAccount): readonly string[] =>
  [...world.said.values()].flatMap((entries) => [...entries.values()].filter((one) => one.announce).map((one) => one.text));

test("every five minutes: what would be lost and how long a restore would take, as sample and as metrics", async () => {
  const account = stage(night + hours(3) + minutes(5), [night]);
  await run(account);
  expect(account.samples.at(-1)).toEqual({ at: account.world.at, of: "shop", rpo: 192_000, newestVerifiedAge: 11_100_000, rto: 2_400_000, sourceBytes: 40e9 });
  expect(account.figures).toEqual(['shop {"rpoSeconds":192,"newestVerifiedAgeSeconds":11100,"unprovenSeconds":0,"rtoSeconds":2400}']);
  expect(account.world.openings.size).toBe(0);
  expect(account.world.records).toEqual([]);
});

test("what cannot be read is in no metric, and stops no other figure", async () => {
  const account = stage(night + hours(3) + minutes(5), [night]);
  Object.assign(account.world, { databases: { instance: () => Promise.reject(new PortError("denied", "rds:DescribeDBInstances", "shop-prod", "no")) } });
  await run(account);
  expect(account.figures).toEqual(['shop {"rpoSeconds":11100,"newestVerifiedAgeSeconds":11100,"unprovenSeconds":0,"rtoSeconds":2400}']);
});

describe("the hourly look", () => {
  test("finds a good night fresh", async () => {
    const account = stage(night + hours(3), [night - days(1), night]);
    await run(account);
    expect(told(account)).toEqual([]);
  });

  test("finds a night that nobody ever started, says it once however long it lasts, and its end", async () => {
    const account = stage(night + hours(3), [night - days(1)]);
    await run(account);
    account.world.at = epochMs(night + hours(4));
    await run(account);
    expect(told(account)).toEqual([
      "✗ the backup of shop that was due on 2026-11-21 at 02:00:00 UTC is not there 3 h later: nothing was started. The newest backup that is still proven is shop-1795140000000 of 2026-11-20, 27 h old.",
    ]);
    const late = row(night);
    account.rows.set(late.id, late);
    account.shelved.push({
      id: late.id,
      of: "shop",
      contentsOf: late.scheduled,
      scheduled: late.scheduled,
      bytes: 1,
      verified: true,
      suspect: false,
      objects: [],
    });
    account.world.at = epochMs(night + hours(5));
    await run(account);
    expect(told(account).at(-1)).toBe("✓ shop: its backups are as they should be again.");
    expect([...account.world.openings.keys()]).toEqual(["INC-261121-0200-shop-recovery"]);
  });

  test("finds that the ledger calls proven what is gone from the store", async () => {
    const account = stage(night + hours(3), [night]);
    account.shelved.length = 0;
    await run(account);
    expect(told(account)[0]).toContain("the newest proven backup of shop, is not in the store");
  });

  test("does not take a ledger that is away for good news", async () => {
    const account = stage(night + hours(3), [night]);
    const { backupBook } = account.world;
    Object.assign(account.world, { backupBook: { ...backupBook, all: () => Promise.reject(new PortError("unavailable", "ledger", "rows", "it is away")) } });
    await run(account);
    expect(told(account)[0]).toContain("✗ nobody knows how the backups of shop stand: its backups:");
  });

  test("tells a promise that was missed for a whole hour, and not a single tick", async () => {
    const missed = stage(night + hours(3), [night]);
    for (let n = 11; n >= 1; n--) missed.samples.push({ at: epochMs(night + hours(3) - minutes(5 * n)), of: "shop", rpo: minutes(6) });
    await run(missed);
    expect(told(missed)).toEqual(["✗ shop promised to lose at most 5 m, and did not keep that for an hour: 6 m would be lost now."]);
    const once = stage(night + hours(3), [night]);
    for (let n = 11; n >= 1; n--) once.samples.push({ at: epochMs(night + hours(3) - minutes(5 * n)), of: "shop", rpo: n === 6 ? minutes(5) : minutes(6) });
    await run(once);
    expect(told(once)).toEqual([]);
  });
});
