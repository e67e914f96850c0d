import { type BackupRecord, backupId, type DrillSettings, epochMs, hours } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { decideDrill, type DrillFacts, expiredDrills, sayTag } from "./decide-drill.ts";
import { drillCost } from "./drill-cost.ts";

const at = epochMs(Date.UTC(2026, 10, 3, 4, 15));
const drill: DrillSettings = {
  day: 3,
  at: { hour: 4, minute: 15 },
  from: "snapshot",
  instanceClass: "db.t4g.medium",
  subnetGroup: "isolated",
  securityGroups: ["sg-drill"],
  atMost: hours(6),
  costAtMost: 1,
};
const source = { instance: "shop-prod", allocatedGiB: 100, parameterGroup: "shop-17", latestRestorable: epochMs(at - 180_000) };
const dump: BackupRecord = {
  id: backupId("shop-261103-0200-nightly"),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(at - hours(3)),
  contentsOf: epochMs(at - hours(3)),
  times: {},
  version: 1,
};
const facts = (over: Partial<DrillFacts> = {}): DrillFacts => ({
  of: "shop",
  at,
  scheduled: at,
  drill,
  source,
  newest: { id: "nightshift-shop-1", contentsOf: epochMs(at - hours(2)) },
  dumps: [dump],
  standing: [],
  heldBecause: undefined,
  ...over,
});
const says = (over: Partial<DrillFacts>) => {
  const verdict = decideDrill(facts(over));
  return verdict.kind === "leave" ? `${verdict.red ? "red" : "leave"}: ${verdict.because[0]}` : "drill";
};

test("a drill has a name, tags and an end of its own, and the source's parameter group", () => {
  expect(decideDrill(facts())).toEqual({
    kind: "drill",
    because: ["from nightshift-shop-1, for up to $0.58"],
    id: "shop-261103-0415-drill",
    instance: "nightshift-verify-shop-261103-0415",
    from: { snapshot: "nightshift-shop-1" },
    contentsOf: at - hours(2),
    against: { before: undefined, after: undefined, dump: "shop-261103-0200-nightly" },
    tags: {
      "nightshift:owner": "nightshift",
      "nightshift:purpose": "drill",
      "nightshift:expires": "2026-11-03T10:15:00Z",
      "nightshift:of": "shop",
    },
    parameterGroup: "shop-17",
    cost: expect.closeTo(0.5786, 3),
  });
});

test("a point in time is the newest moment of the logs", () => {
  expect(decideDrill(facts({ drill: { ...drill, from: "point-in-time" } }))).toMatchObject({
    from: { source: "shop-prod", at: "latest" },
    contentsOf: at - 180_000,
  });
});

describe("no drill", () => {
  test.each([
    ["inside a hold", { heldBecause: "lead holds everything" }, "leave: nothing is changed inside a hold: lead holds everything"],
    ["of what is gone", { source: undefined }, "red: RDS knows no instance of shop: was it renamed or deleted?"],
    [
      "beside another",
      { standing: ["nightshift-verify-crm-261103-0400"] },
      "red: nightshift-verify-crm-261103-0400 stands, and one drill at a time is enough; the sweep deletes it when its time is over",
    ],
    ["without a snapshot", { newest: undefined }, "red: no snapshot of shop-prod is available to restore"],
    [
      "to a point in time without logs",
      { drill: { ...drill, from: "point-in-time" as const }, source: { ...source, latestRestorable: undefined } },
      "red: shop-prod cannot be restored to a point in time: automated backups are off",
    ],
    [
      "in the first night, when no dump is proven",
      { dumps: [] },
      "red: no dump of shop is proven whose contents are surely older than 2026-11-03 02:15:00 UTC, so that nothing says what a copy of that moment must hold: wait for a good night, or /ops backup now shop",
    ],
    [
      "of a snapshot of no known moment",
      { newest: { id: "nightshift-shop-1", contentsOf: undefined } },
      "red: RDS does not say of which moment the copy of shop is, so that nothing says what it must hold",
    ],
    [
      "of a class that nobody has a price of",
      { drill: { ...drill, instanceClass: "db.x2g.large" } },
      "red: nobody knows what db.x2g.large costs: choose a class of the families t, m or r for databases.shop.drill",
    ],
    [
      "that costs more than allowed",
      { drill: { ...drill, costAtMost: 0.57 } },
      "red: the drill would cost up to $0.58, and $0.57 is allowed: choose a smaller class, less time, or allow more",
    ],
  ] as const)("%s", (_, over, expected) => {
    expect(says(over)).toBe(expected);
  });
  test("but its own instance, left by a machine that died, is gone on with", () => {
    expect(says({ standing: ["nightshift-verify-shop-261103-0415"] })).toBe("drill");
  });
  test("and one that costs just what is allowed is run", () => {
    const cost = drillCost({ instanceClass: "db.t4g.medium", gib: 100, atMost: hours(6) }) ?? 0;
    expect(says({ drill: { ...drill, costAtMost: cost } })).toBe("drill");
  });
});

describe("the sweep deletes", () => {
  const tags = (over: Record<string, string> = {}) => ({
    "nightshift:owner": "nightshift",
    "nightshift:purpose": "drill",
    "nightshift:expires": sayTag(at),
    ...over,
  });
  const one = (over: Partial<{ instance: string; status: string; tags: Record<string, string> }> = {}) => ({
    instance: "nightshift-verify-shop-261103-0415",
    status: "available",
    tags: tags(),
    ...over,
  });
  test.each([
    ["a drill whose time is over", one(), true],
    ["one whose time ends in a second", one({ tags: tags({ "nightshift:expires": sayTag(epochMs(at + 1_000)) }) }), false],
    ["a restore that somebody asked for", one({ instance: "nightshift-restore-shop-261103-0415" }), false],
    ["what is called so and is not ours", one({ tags: tags({ "nightshift:owner": "somebody" }) }), false],
    ["what was made for a restore", one({ tags: tags({ "nightshift:purpose": "restore" }) }), false],
    ["what says no time", one({ tags: tags({ "nightshift:expires": "" }) }), false],
    ["what says a time that cannot be read", one({ tags: tags({ "nightshift:expires": "0" }) }), false],
    ["production", one({ instance: "shop-prod" }), false],
    ["what is being deleted", one({ status: "deleting" }), false],
  ] as const)("%s: %#", (_, standing, deleted) => {
    expect(expiredDrills([standing], at).length === 1).toBe(deleted);
  });
});
