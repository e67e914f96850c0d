import { type BackupRecord, backupId, type BackupSettings, emptyControl, epochMs, hours, minutes, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { backupAccount, type BackupAccount } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { describe, expect, test } from "vitest";
import { sweepBackups } from "./entry.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 10, 0));
const tags = (expires: string) => ({ "nightshift:owner": "nightshift", "nightshift:purpose": "drill", "nightshift:expires": expires });
const backups: BackupSettings = {
  databases: [],
  tables: [],
  caches: [{ name: "sessions", cache: "s", nightly: { hour: 2, minute: 0 }, keep: hours(1) }],
  media: [{ name: "shop", bucket: "b", replica: undefined, within: minutes(1) }],
  configuration: undefined,
  secondRegion: undefined,
};
function stage(): BackupAccount {
  const account = backupAccount(at);
  for (const [name, expires] of [
    ["nightshift-verify-old", "2026-11-21T09:59:59Z"],
    ["nightshift-verify-new", "2026-11-21T10:00:01Z"],
    ["nightshift-restore-old", "2026-11-21T09:59:59Z"],
  ] as const)
    account.cloud.instances.set(name, instanceOf(name, { tags: tags(expires) }));
  return account;
}

test("drill instances past their time are deleted, and nothing else; twice is once", async () => {
  const account = stage();
  await sweepBackups({ world: account.world, backups });
  await sweepBackups({ world: account.world, backups });
  expect(account.cloud.deleted).toEqual(["nightshift-verify-old"]);
});

test("inside a hold nothing is deleted", async () => {
  const account = stage();
  account.world.state = { ...emptyControl, holds: [{ scope: "all", by: "lead", because: "stop", at, until: undefined }] };
  await sweepBackups({ world: account.world, backups });
  expect(account.cloud.deleted).toEqual([]);
});

const said = (account: BackupAccount): readonly string[] => [...account.world.said.values()].flatMap((lines) => [...lines.values()].map(({ text }) => text));
/** The sweep at so many hours after the first, every time. */
async function sweepAt(account: BackupAccount, ...after: readonly number[]): Promise<void> {
  for (const hour of after) {
    account.world.at = epochMs(at + hours(hour));
    await sweepBackups({ world: account.world, backups });
  }
}

test("an instance that stands past its time inside a hold is told, told again the next day, and ends its incident when it is gone", async () => {
  const account = stage();
  account.cloud.instances.delete("nightshift-verify-new");
  const { state } = account.world;
  account.world.state = { ...emptyControl, holds: [{ scope: "all", by: "lead", because: "stop", at, until: undefined }] };
  await sweepAt(account, 0.5);
  expect(said(account)).toEqual([]);
  await sweepAt(account, 1, 1.25, 5, 23, 24);
  const told = said(account).filter((text) => text.startsWith("✗"));
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(
    /^✗ nightshift-verify-old should be gone since 2026-11-21T09:59:59Z, stands, and costs money: nothing is deleted inside a hold: lead holds everything/,
  );
  expect(account.cloud.deleted).toEqual([]);
  account.world.state = state;
  await sweepAt(account, 25, 26);
  expect(account.cloud.deleted).toEqual(["nightshift-verify-old"]);
  expect(said(account).filter((text) => text.startsWith("✓"))).toEqual(["✓ no instance of Nightshift's stands past its time any more."]);
});

test("an instance that RDS refuses to delete is told each day", async () => {
  const account = stage();
  account.cloud.instances.delete("nightshift-verify-new");
  account.world.restores.delete = async (one) => {
    throw new PortError("invalid", "rds:DeleteDBInstance", one, "Cannot delete protected DB Instance");
  };
  await sweepAt(account, 1, 2, 25, 26, 49);
  const told = said(account).filter((text) => text.startsWith("✗"));
  expect(told).toHaveLength(3);
  expect(told[0]).toContain("it could not be deleted: look at its deletion protection");
});

test("a restored instance that nobody took over is told after seven days, and never deleted", async () => {
  const account = stage();
  account.cloud.instances.clear();
  account.cloud.instances.set("nightshift-restore-shop-261121-0926", instanceOf("nightshift-restore-shop-261121-0926", {}));
  await sweepAt(account, 7 * 24 - 1);
  expect(said(account)).toEqual([]);
  await sweepAt(account, 7 * 24, 7 * 24 + 1);
  expect(said(account).filter((text) => text.startsWith("✗"))).toEqual([
    "✗ nightshift-restore-shop-261121-0926 was restored for somebody and still carries Nightshift's name 7 days later: rename it if it is in use, delete it if it is not. Nightshift never does.",
  ]);
  expect(account.cloud.deleted).toEqual([]);
});

test("one that was given more time meanwhile stays", async () => {
  const account = stage();
  const { databases } = account.world;
  let looks = 0;
  Object.assign(account.world, {
    databases: {
      ...databases,
      disposable: async () => [instanceOf("nightshift-verify-old", { tags: tags(++looks === 1 ? "2026-11-21T09:00:00Z" : "2026-11-21T12:00:00Z") })],
    },
  });
  await sweepBackups({ world: account.world, backups });
  expect(account.cloud.deleted).toEqual([]);
});

test("a run that nobody is at work on any more is closed: by its own word, or as failed", async () => {
  const account = stage();
  const row = (id: string, hoursAgo: number): BackupRecord => ({
    id: backupId(id),
    of: "shop",
    kind: "dump",
    series: "nightly",
    state: "running",
    proof: "none",
    scheduled: epochMs(at - hours(hoursAgo)),
    times: {},
    version: 1,
  });
  for (const one of [row("left", 27), row("spoken", 27), row("fresh", 26)]) account.rows.set(one.id, one);
  account.ends.night = { state: "verified", differences: [], findings: [], times: { compare: seconds(1) }, verifierFails: true };
  await account.world.runners.start({ run: "spoken", of: "shop", do: "night", diskGiB: 20 });
  account.world.at = epochMs(at + minutes(30));
  const fresh = account.rows.get("fresh");
  if (fresh !== undefined) account.rows.set("fresh", { ...fresh, scheduled: epochMs(account.world.at - hours(26)) });
  await sweepBackups({ world: account.world, backups });
  expect(Object.fromEntries([...account.rows].map(([id, { state, because }]) => [id, [state, because]]))).toEqual({
    left: ["failed", "whoever was at work on it died, and it never said how it ended"],
    spoken: ["verified", undefined],
    fresh: ["running", undefined],
  });
});

describe("a forgotten night that was stored and not proven", () => {
  const row = (id: string, hoursAgo: number, state: BackupRecord["state"]): BackupRecord => ({
    id: backupId(id),
    of: "shop",
    kind: "dump",
    series: "nightly",
    state,
    proof: "none",
    scheduled: epochMs(at - hours(hoursAgo)),
    times: {},
    version: 1,
  });
  const swept = async (proveEvery: number) => {
    const account = stage();
    for (const one of [row("good", 51, "verified"), row("stored", 27, "running")]) account.rows.set(one.id, one);
    account.ends.night = { state: "uploaded", differences: [], findings: [], times: {}, sourceBytes: 7 };
    await account.world.runners.start({ run: "stored", of: "shop", do: "night", diskGiB: 20 });
    account.world.at = epochMs(at + minutes(30));
    const shop = { name: "shop", proveEvery } as BackupSettings["databases"][number]; // Only these are read here.
    for (let twice = 0; twice < 2; twice += 1) await sweepBackups({ world: account.world, backups: { ...backups, databases: [shop] } });
    const said = [...account.world.said.values()].flatMap((entries) => [...entries.values()].filter((one) => one.announce).map(({ text }) => text));
    return { row: account.rows.get("stored"), said, opened: [...account.world.openings.keys()] };
  };

  test("is red and told once where it was to be proven", async () => {
    expect(await swept(1)).toMatchObject({
      row: { state: "uploaded", proof: "exists", because: "it was taken, and not proven", sourceBytes: 7 },
      said: [
        "✗ the backup of shop of 2026-11-20 07:00:00 UTC is red: it was taken, and not proven. Nightshift's own work on it had died. Look: npx nightshift backup status shop",
      ],
      opened: ["INC-261120-0700-shop-backup"],
    });
  });
  test("is good where it was not", async () => {
    expect(await swept(2)).toEqual({ row: expect.objectContaining({ state: "uploaded", proof: "exists" }), said: [], opened: [] });
  });
});

test("the line of a good night that Slack did not take is asked for again, for six hours", async () => {
  const account = stage();
  const shop = { name: "shop" } as BackupSettings["databases"][number]; // Only its name is read here.
  const good = (id: string, finished: number, state: BackupRecord["state"] = "verified"): BackupRecord => ({
    id: backupId(id),
    of: "shop",
    kind: "dump",
    series: "nightly",
    state,
    proof: "restored-and-compared",
    scheduled: epochMs(finished - minutes(30)),
    finished: epochMs(finished),
    times: {},
    version: 1,
  });
  for (const one of [good("fresh", at - hours(6) + 1), good("old", at - hours(6)), good("red", at - minutes(5), "failed"), good("said", at - minutes(5))])
    account.rows.set(one.id, one);
  const { deliveries } = account.world;
  const sent = { key: "message", state: "sent", channel: "C1", thread: undefined, covers: [], ts: "1", shown: undefined, startedAt: at, tries: 1 } as const;
  Object.assign(account.world, { deliveries: { ...deliveries, all: async (key: string) => (key.endsWith("/said") ? [sent] : []) } });
  await sweepBackups({ world: account.world, backups: { ...backups, databases: [shop] }, channel: "C1" });
  expect(account.posted).toEqual(["bulletin/backup/shop/fresh"]);
  await sweepBackups({ world: account.world, backups: { ...backups, databases: [shop] } });
  expect(account.posted).toHaveLength(1);
  // A line that still tells of its progress is over, whether it went well or not.
  const going = { ...sent, shown: "going/restoring" };
  Object.assign(account.world, {
    deliveries: { ...deliveries, all: async (key: string) => (/(red|said)$/.test(key) ? [going] : [{ ...sent, shown: "ended" }]) },
  });
  await sweepBackups({ world: account.world, backups: { ...backups, databases: [shop] }, channel: "C1" });
  expect(account.posted.slice(1).toSorted()).toEqual(["bulletin/backup/shop/red", "bulletin/backup/shop/said"]);
});
