import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { backupId, type Budgets, type DatabaseSettings, emptyControl, epochMs, hours, minutes } from "@nightshift/model";
import type { RunEnd } from "@nightshift/ports";
import { play } from "@nightshift/runtime";
import { type BackupAccount, backupAccount, Died } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { describe, expect, test } from "vitest";
import { drill } from "./automation.ts";
import { validate } from "./validate.ts";

const at = epochMs(Date.UTC(2026, 10, 3, 4, 15));
const database: DatabaseSettings = {
  ...shopDatabase,
  drill: {
    day: 3,
    at: { hour: 4, minute: 15 },
    from: "snapshot",
    instanceClass: "db.t4g.medium",
    subnetGroup: "isolated",
    securityGroups: ["sg-drill"],
    atMost: hours(6),
    costAtMost: 5,
  },
};
const budgets: Budgets = {
  rollbacksPerDeployment: 1,
  rollbacksPerService: [{ count: 1, within: minutes(30) }],
  attemptsPerIntent: 3,
  mutationsPerAccount: { count: 10, within: minutes(10) },
  stampede: { services: 3, within: minutes(5) },
};
const equal: RunEnd = { state: "verified", differences: [], findings: [], times: { restore: minutes(3), compare: minutes(2) }, tables: 214, rows: 88_100_000 };

function stage(end: RunEnd | undefined = equal): BackupAccount {
  const account = backupAccount(at);
  account.cloud.instances.set("shop-prod", instanceOf("shop-prod"));
  account.cloud.snapshots.set("eu-west-1/nightshift-shop-1", {
    id: "nightshift-shop-1",
    arn: "arn:aws:rds:eu-west-1:123456789012:snapshot:nightshift-shop-1",
    instance: "shop-prod",
    region: "eu-west-1",
    manual: true,
    status: "available",
    progress: 100,
    contentsOf: epochMs(at - hours(2)),
    created: epochMs(at - hours(2)),
    allocatedGiB: 100,
    encrypted: true,
    tags: {},
    availableAt: at,
  });
  const dump = backupId("shop-261102-0200-nightly");
  account.rows.set(dump, {
    id: dump,
    of: "shop",
    kind: "dump",
    series: "nightly",
    state: "verified",
    proof: "restored-and-compared",
    scheduled: epochMs(at - hours(26)),
    contentsOf: epochMs(at - hours(26)),
    times: {},
    version: 1,
  });
  if (end !== undefined) account.ends["compare-instance"] = end;
  return account;
}
const config = database.drill === undefined ? undefined : { database, instance: "shop-prod", drill: database.drill, budgets };
const playOn = (account: BackupAccount, world = account.world, series: "nightly" | "manual" = "nightly") => {
  if (config === undefined) throw new Error("the fixture has a drill");
  return play(drill, { event: { of: "shop", scheduled: at, series }, settings: config, world, checkpoints: account.checkpoints });
};
const told = ({ world }: BackupAccount): readonly string[] =>
  [...world.said.values()].flatMap((entries) => [...entries.values()].filter((one) => one.announce).map((one) => one.text));
const left = ({ cloud }: BackupAccount): readonly string[] => [...cloud.instances.keys()].filter((name) => name !== "shop-prod");
const target = "nightshift-verify-shop-261103-0415";

test("a drill restores into an isolated instance of its own, compares, measures, and deletes it", async () => {
  const account = stage();
  expect(await playOn(account)).toMatchObject({ ending: "acted", outcome: { kind: "proven", available: minutes(10), deleted: true } });
  expect(account.cloud.restores).toEqual([
    {
      instance: target,
      from: { snapshot: "nightshift-shop-1" },
      instanceClass: "db.t4g.medium",
      subnetGroup: "isolated",
      securityGroups: ["sg-drill"],
      parameterGroup: "shop-17",
      tags: { "nightshift:owner": "nightshift", "nightshift:purpose": "drill", "nightshift:expires": "2026-11-03T10:15:00Z", "nightshift:of": "shop" },
    },
  ]);
  expect(left(account)).toEqual([]);
  expect(told(account)).toEqual([
    "✓ drill of shop  restored from nightshift-shop-1, for up to $0.58 · available in 10 m · hydrated in 13 m · verified in 15 m · 214 tables, 88.1 M rows, 0 differences · deleted",
  ]);
  expect(account.rows.get("shop-261103-0415-drill")).toMatchObject({
    state: "pruned",
    proof: "restored-and-compared",
    times: { available: minutes(10), restore: minutes(3), compare: minutes(2) },
  });
  expect(account.world.state.leases).toEqual([]);
});

test("it is held against the newest proven dump that is surely older; without one nothing is restored", async () => {
  const account = stage();
  await playOn(account);
  expect([...account.jobs.values()]).toMatchObject([{ do: "compare-instance", backup: "shop-261102-0200-nightly" }]);
  const first = stage();
  first.rows.clear();
  expect((await playOn(first)).ending).toBe("left");
  expect(first.cloud.restores).toEqual([]);
  expect(told(first)[0]).toMatch(/^✗ drill of shop: no dump of shop is proven whose contents are surely older than 2026-11-03 02:15:00 UTC/);
});

test("how much of it could be proven is said beside it", async () => {
  const account = stage({ ...equal, findings: ["99.3 % of 88.1 M rows are proven", "not provable: orders (12 rows)"] });
  await playOn(account);
  expect(told(account).slice(1)).toEqual(["99.3 % of 88.1 M rows are proven", "not provable: orders (12 rows)"]);
});

test("a snapshot that a drill restored and compared is proven from then on", async () => {
  const account = stage();
  const id = "shop-261103-0200-nightly-snapshot" as never;
  account.rows.set(id, {
    id,
    of: "shop",
    kind: "rds-snapshot",
    series: "nightly",
    state: "uploaded",
    proof: "exists",
    scheduled: epochMs(at - hours(2)),
    times: {},
    where: "arn:aws:rds:eu-west-1:123456789012:snapshot:nightshift-shop-1",
    version: 1,
  });
  await playOn(account);
  expect(account.rows.get(id)).toMatchObject({ state: "verified", proof: "restored-and-compared" });
});

describe("the instance is deleted", () => {
  const broken: readonly (readonly [string, (account: BackupAccount) => void, string])[] = [
    [
      "when it differs",
      (account) => {
        account.ends["compare-instance"] = { ...equal, state: "failed", differences: ["orders: 1 row is missing"] };
      },
      "it differs",
    ],
    [
      "when the comparison dies",
      (account) => {
        account.dead.add("shop-261103-0415-drill");
      },
      "the comparison died",
    ],
    [
      "when the comparison never ends",
      (account) => {
        delete account.ends["compare-instance"];
      },
      "it was not compared within 8 hours",
    ],
    [
      "when it never becomes available",
      (account) => {
        account.cloud.takes = hours(30);
      },
      "never became available; it was creating",
    ],
  ];
  test.each(broken)("%s", async (_, break_, says) => {
    const account = stage();
    break_(account);
    expect(await playOn(account)).toMatchObject({ outcome: { kind: "red", deleted: true } });
    expect(left(account)).toEqual([]);
    expect(told(account)[0]).toContain(says);
  });
  test("but for a hold, which it names; then the sweep has it", async () => {
    const account = stage();
    const { restores } = account.world;
    Object.assign(account.world, {
      restores: {
        ...restores,
        restore: async (asked: Parameters<typeof restores.restore>[0]) => {
          account.world.state = { ...account.world.state, holds: [{ scope: "all", by: "lead", because: "stop", at, until: undefined }] };
          return restores.restore(asked);
        },
      },
    });
    expect(await playOn(account)).toMatchObject({ outcome: { kind: "red", deleted: false } });
    expect(left(account)).toEqual([target]);
    expect(told(account).join()).toContain(`${target} still stands: lead holds everything`);
  });
});

test("a second drill beside one that stands is not run", async () => {
  const account = stage();
  account.cloud.instances.set("nightshift-verify-crm-261103-0400", instanceOf("nightshift-verify-crm-261103-0400"));
  expect((await playOn(account)).ending).toBe("left");
  expect(account.cloud.restores).toEqual([]);
});

test("one that appears right before the call stops it", async () => {
  const account = stage();
  const { databases } = account.world;
  let looks = 0;
  Object.assign(account.world, {
    databases: {
      ...databases,
      disposable: async () => (++looks === 1 ? [] : [instanceOf("nightshift-verify-crm-261103-0400")]),
    },
  });
  await playOn(account);
  expect(account.cloud.restores).toEqual([]);
  expect(told(account)[0]).toContain("nothing was restored: nightshift-verify-crm-261103-0400 stands already");
});

test("inside a hold no drill is run", async () => {
  const account = stage();
  account.world.state = { ...emptyControl, holds: [{ scope: "shop", by: "lead", because: "migration", at, until: undefined }] };
  expect((await playOn(account)).ending).toBe("left");
  expect(account.cloud.restores).toEqual([]);
});

test.each(["before", "after"] as const)("a machine that dies %s any of its calls: the next one ends with one restore and no instance", async (when) => {
  let longest = 0;
  for (let line = 1; line <= 300; line++) {
    const account = stage();
    await playOn(account, account.mortal(line, when)).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
    if (account.calls < line) break;
    longest = line;
    await playOn(account);
    expect({ line, restores: account.cloud.restores.length, left: left(account), told: told(account).length }).toEqual({
      line,
      restores: 1,
      left: [],
      told: 1,
    });
  }
  expect(longest).toBeGreaterThan(40);
});

describe("a restore test of AWS Backup", () => {
  const testOn = (account: BackupAccount, job: Partial<{ status: string; created: string; source: string }> = {}) => {
    account.cloud.jobs.set("job-1", {
      status: "COMPLETED",
      created: "arn:aws:rds:eu-west-1:123456789012:db:awsbackup-restore-test-1",
      source: "arn:aws:rds:eu-west-1:123456789012:db:shop-prod",
      ...job,
    });
    account.cloud.instances.set("awsbackup-restore-test-1", instanceOf("awsbackup-restore-test-1"));
    return play(validate, { event: { job: "job-1", at }, settings: [database], world: account.world, checkpoints: account.checkpoints });
  };
  test("of a database of ours is compared and answered; AWS Backup deletes its instance", async () => {
    const account = stage();
    await testOn(account);
    expect(account.cloud.answers.get("job-1")).toEqual({ passed: true, message: "restored and compared without a difference" });
    expect(account.cloud.deleted).toEqual([]);
  });
  test("that differs has failed", async () => {
    const account = stage({ ...equal, state: "failed", because: "orders: 1 row is missing" });
    await testOn(account);
    expect(account.cloud.answers.get("job-1")).toEqual({ passed: false, message: "orders: 1 row is missing" });
  });
  test.each([
    ["of something else", { source: "arn:aws:rds:eu-west-1:123456789012:db:other" }],
    ["that is not over", { status: "RUNNING" }],
    ["whose instance is gone", { created: "arn:aws:rds:eu-west-1:123456789012:db:gone" }],
  ])("%s is left alone", async (_, job) => {
    const account = stage();
    expect((await testOn(account, job)).ending).toBe("left");
    expect(account.cloud.answers.size).toBe(0);
  });
});
