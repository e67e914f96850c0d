import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import type { RestoreOrder } from "@nightshift/decide/backups/decide-restore";
import {
  type Approval,
  type BackupRecord,
  backupId,
  type DatabaseSettings,
  days,
  emptyControl,
  epochMs,
  hours,
  minutes,
  seconds,
  type StoredPlan,
} from "@nightshift/model";
import type { RunEnd } from "@nightshift/ports";
import { play } from "@nightshift/runtime";
import { type BackupAccount, backupAccount, Died } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { describe, expect, test } from "vitest";
import { restore } from "./automation.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 9, 30));
const database: DatabaseSettings = shopDatabase;
const dump: BackupRecord = {
  id: backupId("shop-261121-0200-nightly"),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(at - hours(7)),
  contentsOf: epochMs(at - hours(7)),
  times: {},
  version: 1,
};
const plan = "R-shop-7f3a";

const equal: RunEnd = {
  state: "verified",
  differences: [],
  findings: ["99.34 % of the rows are proven; the others changed between the two readings"],
  times: { restore: minutes(3), compare: minutes(2) },
};

function stage(over: Partial<RestoreOrder> = {}, approved: Partial<Approval> = {}): BackupAccount {
  const account = backupAccount(at);
  account.cloud.instances.set("shop-prod", instanceOf("shop-prod"));
  account.rows.set(dump.id, dump);
  const order: RestoreOrder = { of: "shop", by: "lead", because: "a bad migration", asked: epochMs(at - minutes(4)), ...over };
  const hash = JSON.stringify(order);
  const stored: StoredPlan = {
    id: plan,
    hash,
    verb: "restore",
    service: "shop",
    requester: "lead",
    incident: undefined,
    because: order.because,
    madeAt: order.asked,
    expiresAt: epochMs(at + minutes(6)),
    calls: [],
    preconditions: {},
    input: { order: hash },
  };
  account.storedPlans.set(plan, stored);
  account.world.rows.set(plan, {
    plan,
    planHash: hash,
    what: "restore shop",
    because: order.because,
    service: "shop",
    askedAt: order.asked,
    expiresAt: stored.expiresAt,
    state: "approved",
    needs: { role: "owner", people: 2 },
    requester: "lead",
    incident: undefined,
    given: [],
    by: "founder",
    answeredAt: epochMs(at - minutes(1)),
    callbackId: undefined,
    ...approved,
  });
  account.ends["compare-instance"] = equal;
  account.ends.restore = {
    state: "restored",
    differences: [],
    findings: [],
    times: { restore: seconds(600) },
    restoredInto: "shop_restored_261121_0930 on shop-prod.example.internal:5432",
    steps: ["ANALYZE;", "two renames"],
  };
  return account;
}
const playOn = (account: BackupAccount, world = account.world) =>
  play(restore, { event: { plan }, settings: [database], world, checkpoints: account.checkpoints });
const told = ({ world }: BackupAccount): readonly string[] =>
  [...world.said.values()].flatMap((entries) => [...entries.values()].filter((one) => one.announce).map((one) => one.text));

test("the newest proven dump goes into a new database beside the one that runs, and the steps are said", async () => {
  const account = stage();
  expect(await playOn(account)).toMatchObject({ outcome: { kind: "restored", compared: true } });
  expect([...account.jobs.values()]).toEqual([
    { run: `restore-shop-${at - minutes(4)}-${plan}`, of: "shop", do: "restore", backup: dump.id, target: "shop-prod.example.internal:5432", diskGiB: 20 },
  ]);
  expect(told(account)).toEqual([
    "restore shop-261121-0200-nightly into a new database beside shop: begun",
    "shop is restored beside what runs in 10 m: restored and compared without a difference",
    "It is at shop_restored_261121_0930 on shop-prod.example.internal:5432. What runs was not touched.",
    "1. ANALYZE;",
    "2. two renames",
  ]);
});

test("a moment goes into a new instance that no sweep deletes, after what runs was saved", async () => {
  const account = stage({ at: epochMs(at - hours(2)) });
  expect(await playOn(account)).toMatchObject({ outcome: { kind: "restored" } });
  expect([...account.cloud.snapshots.values()].map(({ id, tags }) => [id, tags["nightshift:state"]])).toEqual([
    ["nightshift-shop-261121-0926-safety-snapshot", "safety"],
  ]);
  expect(account.cloud.restores).toMatchObject([
    {
      instance: "nightshift-restore-shop-261121-0926",
      from: { source: "shop-prod", at: at - hours(2) },
      tags: { "nightshift:owner": "nightshift", "nightshift:purpose": "restore", "nightshift:of": "shop", "nightshift:by": "lead" },
    },
  ]);
  expect(told(account).join("\n")).toContain("Nothing deletes it by itself.");
  expect(account.cloud.instances.get("shop-prod")?.status).toBe("available");
});

test("two plans of one minute have a run each: the second one's backup is restored, too", async () => {
  const older: BackupRecord = { ...dump, id: backupId("shop-261120-0200-nightly"), scheduled: epochMs(at - hours(31)), contentsOf: epochMs(at - hours(31)) };
  const account = stage({ backup: dump.id });
  account.rows.set(older.id, older);
  await playOn(account);
  const second = "R-shop-9b1c";
  const order: RestoreOrder = { of: "shop", by: "lead", because: "the other one", asked: epochMs(at - minutes(4) + seconds(20)), backup: older.id };
  const hash = JSON.stringify(order);
  const [stored, approval] = [account.storedPlans.get(plan), account.world.rows.get(plan)];
  if (stored === undefined || approval === undefined) throw new Error("the first plan is gone");
  account.storedPlans.set(second, { ...stored, id: second, hash, expiresAt: epochMs(at + days(1)), input: { order: hash } });
  account.world.rows.set(second, { ...approval, plan: second, planHash: hash, answeredAt: account.world.clock.now() });
  await play(restore, { event: { plan: second }, settings: [database], world: account.world, checkpoints: backupAccount(at).checkpoints });
  expect([...account.jobs.values()].map(({ backup }) => backup)).toEqual([dump.id, older.id]);
});

test.each([
  ["another backup", { backup: backupId("shop-261120-0200-nightly") }, "the run says that it restored shop-261120-0200-nightly"],
  ["no backup", { backup: undefined }, "the run says that it restored nothing that it names"],
] as const)("a run that says it restored %s is red, and nobody is told to switch over", async (_, said, says) => {
  const account = stage();
  const { shelf } = account.world;
  const report: typeof shelf.report = async (of, run) => {
    const { backup: __, ...rest } = (await shelf.report(of, run)) ?? { run, of, phase: "starting" as const, at };
    return { ...rest, ...(said.backup === undefined ? {} : { backup: said.backup }) };
  };
  const world = Object.assign(account.world, { shelf: { ...shelf, report } });
  expect(await playOn(account, world)).toMatchObject({ outcome: { kind: "failed", compared: false, steps: [] } });
  expect(told(account).join("\n")).toContain(says);
});

test("a run that restored into another server is red", async () => {
  const account = stage();
  if (account.ends.restore !== undefined) account.ends.restore = { ...account.ends.restore, restoredInto: "shop_restored on other.example.internal:5432" };
  expect(await playOn(account)).toMatchObject({ outcome: { kind: "failed", steps: [] } });
  expect(told(account).join("\n")).toContain("was to be restored on shop-prod.example.internal:5432, and the run says shop_restored on other");
});

const asked = { at: epochMs(at - hours(2)) };

test("it is told when it is available, and then compared with the newest proven dump before its moment; how much could be proven is said", async () => {
  const account = stage(asked);
  expect(await playOn(account)).toMatchObject({
    outcome: { kind: "restored", compared: true, times: { available: minutes(10), restore: minutes(3), compare: minutes(2) } },
  });
  expect([...account.jobs.values()]).toMatchObject([
    { of: "shop", do: "compare-instance", backup: dump.id, target: "nightshift-restore-shop-261121-0926.example.internal:5432" },
  ]);
  expect(told(account).slice(1, 4)).toEqual([
    "nightshift-restore-shop-261121-0926 is available after 10 m, at nightshift-restore-shop-261121-0926.example.internal:5432. It is compared now: read from it as you like, and change nothing in it until that is over.",
    "shop is restored beside what runs in 10 m: nightshift-restore-shop-261121-0926 is equal wherever that can be proven",
    "99.34 % of the rows are proven; the others changed between the two readings",
  ]);
});

test("a copy that differs is no restore that anybody is told to switch to", async () => {
  const account = stage(asked);
  account.ends["compare-instance"] = { ...equal, state: "failed", because: "orders: 1 row is missing", differences: ["orders: 1 row is missing"] };
  expect(await playOn(account)).toMatchObject({ outcome: { kind: "failed", compared: false } });
  const lines = told(account);
  expect(lines).toContain("restoring shop failed: nightshift-restore-shop-261121-0926 is available, and is not what it must be");
  expect(lines).toContain("orders: 1 row is missing");
  expect(lines.at(-2)).toContain("1. Do not switch over before somebody knows why it differs.");
});

describe("a copy that cannot be compared is restored all the same, and that it was not compared is said", () => {
  const cases: readonly (readonly [string, (account: BackupAccount) => void, string])[] = [
    [
      "where no dump is proven before its moment",
      (account) => void account.rows.clear(),
      "no dump of shop is proven whose contents are surely older than 2026-11-21 07:30:00 UTC",
    ],
    ["where the comparison dies", (account) => void account.dead.add(`restore-shop-${at - minutes(4)}-${plan}-compare`), "the comparison died"],
    [
      "where it could not be made",
      (account) => void Object.assign(account.ends, { "compare-instance": { ...equal, state: "failed", because: "nothing answers" } }),
      "nothing answers",
    ],
  ];
  test.each(cases)("%s", async (_, befalls, says) => {
    const account = stage(asked);
    befalls(account);
    expect(await playOn(account)).toMatchObject({ outcome: { kind: "restored", compared: false } });
    const lines = told(account).join("\n");
    expect(lines).toContain("nightshift-restore-shop-261121-0926 is available, and was not compared");
    expect(lines).toContain(says);
    expect(lines).toContain("Its blocks come from S3 at their first touch");
  });
});

test("where what runs cannot be saved, nothing is restored", async () => {
  const account = stage({ at: epochMs(at - hours(2)) });
  account.cloud.takes = hours(30);
  expect(await playOn(account)).toMatchObject({ outcome: { kind: "failed" } });
  expect(account.cloud.restores).toEqual([]);
  expect(told(account)[0]).toContain("what runs could not be saved first");
});

describe("nothing is restored", () => {
  test.each([
    ["that was not approved", {}, { state: "pending" }, "R-shop-7f3a is pending, not approved"],
    ["that was approved too late", {}, { answeredAt: epochMs(at + minutes(6)) }, "R-shop-7f3a was approved after it had expired"],
    ["that was approved half an hour ago", {}, { answeredAt: epochMs(at - minutes(30) - 1) }, "that is too long"],
    ["from a moment to come", { at: epochMs(at + hours(1)) }, {}, "has not been yet"],
    ["from a backup that nobody knows", { backup: backupId("shop-nope") }, {}, "shop has no backup shop-nope"],
  ] as const)("%s", async (_, order, approved, says) => {
    const account = stage(order as Partial<RestoreOrder>, approved as Partial<Approval>);
    expect((await playOn(account)).ending).toBe("left");
    expect([account.jobs.size, account.cloud.restores.length]).toEqual([0, 0]);
    expect(told(account)[0]).toContain(says);
  });
  test("that is another plan than the approved one", async () => {
    const account = stage({}, { planHash: "another" });
    expect((await playOn(account)).ending).toBe("left");
    expect(account.jobs.size).toBe(0);
  });
  test("inside a hold", async () => {
    const account = stage();
    account.world.state = { ...emptyControl, holds: [{ scope: "shop", by: "lead", because: "stop", at, until: undefined }] };
    expect((await playOn(account)).ending).toBe("left");
    expect(account.jobs.size).toBe(0);
  });
});

test.each(["before", "after"] as const)("a machine that dies %s any of its calls: one instance, one safety snapshot, each line once", async (when) => {
  const clean = stage({ at: epochMs(at - hours(2)) });
  await playOn(clean);
  let longest = 0;
  for (let line = 1; line <= 300; line++) {
    const account = stage({ at: epochMs(at - hours(2)) });
    await playOn(account, account.mortal(line, when)).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
    if (account.calls < line) break;
    longest = line;
    await playOn(account);
    expect({ line, restores: account.cloud.restores.length, snapshots: account.cloud.snapshots.size, told: told(account).length }).toEqual({
      line,
      restores: 1,
      snapshots: 1,
      told: told(clean).length,
    });
  }
  expect(longest).toBeGreaterThan(20);
});
