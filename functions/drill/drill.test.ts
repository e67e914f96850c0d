import { emptyControl, epochMs, hours, minutes } from "@nightshift/model";
import { type BackupAccount, Died } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { describe, expect, test } from "vitest";
import { at, equal, playOn, stage, told } from "./drill.fixture.ts";

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

test("rows that changed between the readings are not counted as compared", async () => {
  const account = stage({ ...equal, proven: { rows: 87_000_000, tables: 200, ofTables: 210 } });
  await playOn(account);
  expect(told(account)[0]).toContain(" · 214 tables, 87.0 M of 88.1 M rows proven (98.75 %, in 200 of 210 tables with rows), 0 differences · deleted");
  expect(account.rows.get("shop-261103-0415-drill")).toMatchObject({ proof: "restored-and-compared", rows: 87_000_000 });
});

test("a copy of which too little could be compared is not proven, and what could and could not be is told", async () => {
  const because = "too little could be compared to call it proven: 0.49 % of the rows";
  const findings = [
    "held against the manifests of 02:11 and 02:24",
    "0.49 % of the rows are proven",
    "not provable: orders: rows changed in between (2001 rows)",
  ];
  const account = stage({ ...equal, state: "restored", because, findings, proven: { rows: 10, tables: 1, ofTables: 2 } });
  expect(await playOn(account)).toMatchObject({ ending: "acted", outcome: { kind: "red", deleted: true } });
  expect(told(account)).toEqual([`✗ drill of shop: ${because}`, findings[0], findings[2]]);
  expect(account.rows.get("shop-261103-0415-drill")).toMatchObject({ proof: "restored", rows: 10, because });
});

test("a comparison that does not end is stopped when the drill gives up: nobody waits for it, and it reads production", async () => {
  const account = stage();
  delete account.ends["compare-instance"];
  await playOn(account);
  expect([...account.stopped]).toEqual(["shop-261103-0415-drill"]);
  const sound = stage();
  await playOn(sound);
  expect(sound.stopped.size).toBe(0);
});

test.each([
  ["sound", ", 0 differences, indexes sound · deleted"],
  ["not checked", ", 0 differences, indexes not checked · deleted"],
] as const)("its line says whether its indexes were checked: %s", async (structures, says) => {
  const account = stage({ ...equal, structures });
  await playOn(account);
  expect(told(account)[0]).toContain(says);
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
