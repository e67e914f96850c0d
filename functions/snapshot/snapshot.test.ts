import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { type BackupSettings, type DatabaseSettings, days, emptyControl, epochMs, hours, minutes, serviceName } from "@nightshift/model";
import type { RunEnd } from "@nightshift/ports";
import { play } from "@nightshift/runtime";
import { openTrouble, troubleGroup } from "@nightshift/runtime/backup-incidents";
import { type BackupAccount, backupAccount, Died } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { describe, expect, test } from "vitest";
import { snapshot } from "./automation.ts";
import { subjectOf } from "./settings.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 2, 0));
const database: DatabaseSettings = {
  ...shopDatabase,
  snapshots: { keep: days(30), copyTo: { region: "us-west-2", kmsKey: "key-west" } },
  drill: undefined,
};
const nightly = { hour: 2, minute: 0 };
const backups: BackupSettings = {
  databases: [database],
  tables: [{ name: "carts", table: "carts-prod", nightly, keep: days(30), rpo: minutes(5), copyIn: undefined }],
  caches: [{ name: "sessions", cache: "sessions-prod", nightly, keep: days(7) }],
  media: [{ name: "pictures", bucket: "pictures-prod", replica: "pictures-west", within: minutes(15) }],
  configuration: { parameterPaths: ["/shop"], repositories: [] },
  secondRegion: "us-west-2",
};

/** What a run that only reads ends with. */
const slice = { key: "shop/slices/one.json.zst", bytes: 43_000, sha256: "ab".repeat(32), at };
const read: RunEnd = { state: "uploaded", differences: [], findings: [], times: {}, slice };

function stage(): BackupAccount {
  const account = backupAccount(at);
  const { cloud } = account;
  account.ends.manifest = read;
  cloud.instances.set("shop-prod", instanceOf("shop-prod"));
  cloud.tables.set("carts-prod", { pointInTime: { on: true, earliest: at, latest: at }, bytes: 1_000, deletionProtection: true, replicas: [] });
  cloud.caches.set("sessions-prod", { status: "available", retentionDays: 7, window: undefined, engine: "valkey" });
  cloud.buckets.set("pictures-prod", { versioning: "on", replication: [{ to: "pictures-west", status: "on", prefix: "" }], locked: false });
  return account;
}
const playOn = (account: BackupAccount, of: string, world = account.world) => {
  const settings = subjectOf({ backups, mode: "auto", taskDefinitions: ["shop-api"] }, of);
  if (settings === undefined) throw new Error(`nothing of the config is called ${of}`);
  return play(snapshot, { event: { of, scheduled: at, series: "nightly" }, settings, world, checkpoints: account.checkpoints });
};
const row = ({ rows }: BackupAccount, id: string) => rows.get(id);
const told = ({ world }: BackupAccount): readonly string[] =>
  [...world.said.values()].flatMap((entries) => [...entries.values()].filter((one) => one.announce).map((one) => one.text));

test("an RDS snapshot is taken, copied to the second region, and only exists", async () => {
  const account = stage();
  expect(await playOn(account, "shop")).toMatchObject({ outcome: { kind: "kept" } });
  expect([...account.cloud.snapshots.keys()]).toEqual([
    "eu-west-1/nightshift-shop-261121-0200-nightly-snapshot",
    "us-west-2/nightshift-shop-261121-0200-nightly-snapshot",
  ]);
  expect([...account.cloud.snapshots.values()][1]?.tags).toEqual({ "nightshift:owner": "nightshift", "nightshift:state": "nightly", "nightshift:of": "shop" });
  expect(row(account, "shop-261121-0200-nightly-snapshot")).toMatchObject({ state: "uploaded", proof: "exists", copies: [{ region: "us-west-2" }] });
  expect(account.world.openings.size).toBe(0);
});

test("one that a deployment asked for waits for nobody's word, and is one of its own", async () => {
  const account = stage();
  const settings = subjectOf({ backups: { ...backups, databases: [{ ...database, mode: "ask" }] }, mode: "ask", taskDefinitions: [] }, "shop");
  if (settings === undefined) throw new Error("the fixture has a database");
  const event = { of: "shop", scheduled: at, series: "before-deploy", by: "ci" } as const;
  expect(await play(snapshot, { event, settings, world: account.world, checkpoints: account.checkpoints })).toMatchObject({ outcome: { kind: "kept" } });
  expect(row(account, "shop-261121-0200-before-deploy-snapshot")).toMatchObject({ series: "before-deploy", state: "uploaded" });
  expect(account.world.rows.size).toBe(0);
});

describe("its source is read whole beside it", () => {
  const jobs = ({ jobs: started }: BackupAccount) => [...started.values()].map(({ do: what, backup, side }) => ({ what, backup, side }));
  const id = "shop-261121-0200-nightly-snapshot";

  test("before a nightly snapshot is asked for, and after it stands; the book keeps both", async () => {
    const account = stage();
    const { take } = account.world.snapshotTaking;
    const readBefore: number[] = [];
    const watched: typeof take = async (asked) => {
      readBefore.push(account.jobs.size, account.world.at - at);
      return take(asked);
    };
    Object.assign(account.world, { snapshotTaking: { ...account.world.snapshotTaking, take: watched } });
    await playOn(account, "shop");
    expect(jobs(account)).toEqual([
      { what: "manifest", backup: id, side: "before" },
      { what: "manifest", backup: id, side: "after" },
    ]);
    // One run, and it had ended: it takes twenty minutes.
    expect(readBefore[0]).toBe(1);
    expect(readBefore[1]).toBeGreaterThanOrEqual(minutes(20));
    expect(row(account, id)).toMatchObject({ state: "uploaded", proof: "exists", slices: { before: slice, after: slice } });
    expect(told(account)).toEqual([]);
  });

  test("not beside one that a deployment waits for, and beside none when the config says never", async () => {
    const [deploying, never] = [stage(), stage()];
    const shop = { ...database, snapshots: { keep: days(30), copyTo: undefined, manifests: "never" } } as const;
    for (const [account, series, of] of [
      [deploying, "before-deploy", database],
      [never, "nightly", shop],
    ] as const) {
      const settings = subjectOf({ backups: { ...backups, databases: [of] }, mode: "auto", taskDefinitions: [] }, "shop");
      if (settings === undefined) throw new Error("the fixture has a database");
      await play(snapshot, { event: { of: "shop", scheduled: at, series }, settings, world: account.world, checkpoints: account.checkpoints });
      expect(jobs(account)).toEqual([]);
      expect([...account.rows.values()]).toMatchObject([{ state: "uploaded", proof: "exists" }]);
      expect([...account.rows.values()][0]?.slices).toBeUndefined();
    }
  });

  test.each([
    ["that dies", "its task stopped with exit code 137", (account: BackupAccount) => void account.dead.add(`${id}-before`)],
    ["that never ends", "it was not read within 3 hours", (account: BackupAccount) => void delete account.ends.manifest],
    [
      "that fails",
      "permission denied for table orders",
      (account: BackupAccount) =>
        void Object.assign(account.ends, { manifest: { ...read, slice: undefined, state: "failed", because: "permission denied for table orders" } }),
    ],
  ])("and a reading %s never keeps the snapshot from being taken: it is told, and no incident stays open", async (_, because, spoil) => {
    const account = stage();
    spoil(account);
    expect(await playOn(account, "shop")).toMatchObject({ outcome: { kind: "kept" } });
    expect(account.cloud.snapshots.size).toBe(2);
    expect(row(account, id)).toMatchObject({ state: "uploaded", proof: "exists" });
    expect(row(account, id)?.slices?.before).toBeUndefined();
    expect(row(account, id)?.slices?.lacks).toContain(`no manifest before it: ${because}`);
    expect(told(account)).toHaveLength(1);
    expect(told(account)[0]).toMatch(
      /^the RDS snapshot of shop: it stands, and proves less: no manifest before it: .* A drill will hold it against an older dump and the/,
    );
    expect(await openTrouble(account.world, troubleGroup("shop", "snapshots"))).toBeUndefined();
  });
});

test.each([
  ["a DynamoDB backup", "carts", "carts-261121-0200-nightly-table", "exists"],
  ["an ElastiCache snapshot", "sessions", "sessions-261121-0200-nightly-cache", "exists"],
  ["a canary among the media", "pictures", "pictures-261121-0200-nightly-media", "checked"],
  ["the configuration", "configuration", "configuration-261121-0200-nightly-copy", "checked"],
])("%s is taken, and says how strongly it is proven", async (_, of, id, proof) => {
  const account = stage();
  expect(await playOn(account, of)).toMatchObject({ outcome: { kind: "kept" } });
  expect(row(account, id)).toMatchObject({ state: "uploaded", proof });
});

describe("a mirror is somebody else's work, whose word is waited for", () => {
  const mirrored = subjectOf(
    { backups: { ...backups, configuration: { parameterPaths: [], repositories: ["shop/api"] } }, mode: "ask", taskDefinitions: [] },
    "mirror.shop.api",
  );
  const listen = (account: BackupAccount) => {
    if (mirrored === undefined) throw new Error("the config names a repository");
    return play(snapshot, {
      event: { of: "mirror.shop.api", scheduled: at, series: "nightly" },
      settings: mirrored,
      world: account.world,
      checkpoints: account.checkpoints,
    });
  };
  const says = ({ world }: BackupAccount, minutesLater: number) =>
    world.signals.change({ service: serviceName("shop/api"), kind: "mirror", at: epochMs(at + minutes(minutesLater)), commit: "8f2d1c7" });
  const id = "mirror.shop.api-261121-0200-nightly-copy";

  test("said, it stands; nobody proved it", async () => {
    const account = stage();
    await says(account, 0);
    expect(await listen(account)).toMatchObject({ outcome: { kind: "kept" } });
    expect(row(account, id)).toMatchObject({ state: "uploaded", proof: "exists", where: "shop/api@8f2d1c7", contentsOf: at });
    expect(account.world.openings.size).toBe(0);
  });
  test("said the night before, it is red, and says whom to look at", async () => {
    const account = stage();
    await says(account, -1);
    expect(await listen(account)).toMatchObject({ outcome: { kind: "red" } });
    expect(told(account)).toEqual([
      "✗ the mirror of shop/api: nobody said that it was mirrored: look at what nightshift.mirror-asked starts, and that it answers with nightshift.mirror",
    ]);
    expect(row(account, id)).toMatchObject({ state: "failed", proof: "none" });
  });
  test("a sender whose clock is ahead makes nothing younger than now", async () => {
    const account = stage();
    await says(account, 600);
    await listen(account);
    expect(row(account, id)?.contentsOf).toBe(at);
  });
});

describe("it is red", () => {
  test("when media do not travel in time", async () => {
    const account = stage();
    account.cloud.travels = hours(1);
    await playOn(account, "pictures");
    expect(told(account)).toEqual(["✗ the media of pictures: the canary has not arrived in the replica"]);
    expect(account.world.at - at).toBe(minutes(15));
    expect(row(account, "pictures-261121-0200-nightly-media")).toMatchObject({ state: "failed", proof: "none" });
  });
  test("when point-in-time recovery is off, though the backup was taken", async () => {
    const account = stage();
    account.cloud.tables.set("carts-prod", {
      pointInTime: { on: false, earliest: undefined, latest: undefined },
      bytes: 1,
      deletionProtection: true,
      replicas: [],
    });
    await playOn(account, "carts");
    expect(told(account)[0]).toContain("point-in-time recovery of carts is off");
    expect(row(account, "carts-261121-0200-nightly-table")).toMatchObject({ state: "uploaded", proof: "exists" });
  });
  test("when the quota leaves no room: nothing is asked for", async () => {
    const account = stage();
    account.cloud.quota = { used: 100, most: 100 };
    expect((await playOn(account, "shop")).ending).toBe("left");
    expect(account.cloud.snapshots.size).toBe(0);
    expect(told(account)[0]).toContain("100 of 100 manual snapshots");
  });
});

test("a hold between the snapshot and its copy stops the copy, and says so", async () => {
  const account = stage();
  const take = account.world.snapshotTaking;
  const held = { ...emptyControl, holds: [{ scope: "shop", by: "lead", because: "migration", at, until: undefined }] };
  Object.assign(account.world, {
    snapshotTaking: {
      ...take,
      take: async (asked: Parameters<typeof take.take>[0]) => {
        account.world.state = held;
        return take.take(asked);
      },
    },
  });
  await playOn(account, "shop");
  expect([...account.cloud.snapshots.keys()]).toEqual(["eu-west-1/nightshift-shop-261121-0200-nightly-snapshot"]);
  expect(told(account)[0]).toContain("its copy in us-west-2 was not made: lead holds shop");
});

test.each(["before", "after"] as const)(
  "a machine that dies %s any of its calls: the next one brings it to the same end, with one snapshot and one copy",
  async (when) => {
    let longest = 0;
    for (let line = 1; line <= 200; line++) {
      const account = stage();
      await playOn(account, "shop", account.mortal(line, when)).catch((error: unknown) => {
        if (!(error instanceof Died)) throw error;
      });
      if (account.calls < line) break;
      longest = line;
      await playOn(account, "shop");
      expect({ line, snapshots: account.cloud.snapshots.size, state: row(account, "shop-261121-0200-nightly-snapshot")?.state, told: told(account) }).toEqual({
        line,
        snapshots: 2,
        state: "uploaded",
        told: [],
      });
    }
    expect(longest).toBeGreaterThan(20);
  },
);
