import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { T0 } from "@nightshift/decide/fixtures";
import { type BackupRecord, backupId, type DatabaseSettings, epochMs, hours, minutes, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { office, type Office, planIn } from "../../test/testing/office.ts";

const database: DatabaseSettings = {
  ...shopDatabase,
  drill: {
    day: 3,
    at: { hour: 4, minute: 15 },
    from: "snapshot",
    instanceClass: "db.t4g.medium",
    subnetGroup: "x",
    securityGroups: ["sg-1"],
    atMost: hours(6),
    costAtMost: 5,
  },
};
const night: BackupRecord = {
  id: backupId("shop-261121-0200-nightly"),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(T0 - hours(1)),
  contentsOf: epochMs(T0 - hours(1)),
  sourceBytes: 41e9,
  tables: 214,
  rows: 88_100_000,
  differences: 0,
  times: { dump: seconds(276), download: seconds(60), restore: seconds(662), compare: seconds(90) },
  version: 1,
};
const shop = (work: (it: Office) => Promise<void>, rows: readonly BackupRecord[] = [night], over: Partial<DatabaseSettings> = {}) =>
  office(async (it) => {
    it.databases = [{ ...database, ...over }];
    for (const row of rows) await it.world.backupBook.replace(row);
    await work(it);
  });
const LEAD = "U0LEAD";
const OWNER = "U0CTO";
const startedOf = (it: Office, automation: string) => it.started.filter((one) => one.automation === automation);

describe("/ops backup", () => {
  test("list says what is proven, what would be lost, and how long a restore takes", () =>
    shop(async (it) => {
      await it.world.backupBook.sample({ at: epochMs(it.now - minutes(5)), of: "shop", rpo: seconds(192) });
      const says = await it.say("backup list shop", LEAD);
      expect(says).toContain("The newest backup that is still proven is shop-261121-0200-nightly");
      expect(says).toContain("3 m 12 s would be lost now (at most 24 h was promised); a restore takes");
      expect(says).toContain("✓ shop-261121-0200-nightly");
      expect(says).toContain("41 GB dumped in 4 m 36 s · restored in 11 m 2 s · 214 tables, 88.1 M rows, 0 differences");
    }));

  test("list of what was never backed up says how to begin", () =>
    shop(async (it) => expect(await it.say("backup list shop", LEAD)).toContain("No backup of shop was ever taken. Take one: /ops backup now shop"), []));

  test("now starts a night of its own, once however often the request comes", () =>
    shop(async (it) => {
      expect(await it.say("backup now shop", LEAD)).toContain("lead asks for a backup of shop, taken and proven now.");
      const [first] = startedOf(it, "night");
      expect(first?.input).toMatchObject({ of: "shop", series: "manual", by: "lead" });
    }));

  test("drill says what it costs at most, and starts one", () =>
    shop(async (it) => {
      expect(await it.say("backup drill shop --dry-run", LEAD)).toContain("for $5 at most");
      expect(startedOf(it, "drill")).toEqual([]);
      await it.say("backup drill shop", LEAD);
      expect(startedOf(it, "drill").map(({ input }) => input)).toMatchObject([{ of: "shop", series: "manual" }]);
    }));

  test("refuses a drill that the config does not have, and everything in shadow", () =>
    shop(
      async (it) => {
        expect(await it.say("backup drill shop", LEAD)).toContain("shop has no drill in nightshift.config.ts");
        expect(await it.say("backup now shop", LEAD)).toContain("shop is in shadow mode");
        expect(it.started.filter(({ automation }) => automation !== "war-room")).toEqual([]);
      },
      [night],
      { drill: undefined, mode: "shadow" },
    ));

  test("accept says who looked at what is suspect, once; it still counts as not proven", () =>
    shop(
      async (it) => {
        expect(await it.say('backup accept shop --reason "the old orders were archived"', LEAD)).toContain(
          "lead accepts what made shop-261121-0200-nightly suspect: the old orders were archived. Retention goes on",
        );
        expect(await it.world.backupBook.find("shop", night.id)).toMatchObject({ state: "suspect", acknowledgedBy: "lead" });
        expect(await it.say("backup accept shop", LEAD)).toContain("No backup of shop is suspect");
      },
      [{ ...night, state: "suspect", because: "orders lost 40 % of its rows" }],
    ));

  test("is not for those who may not", () =>
    shop(async (it) => {
      await it.say("backup now shop", "U0RITA");
      expect(startedOf(it, "night")).toEqual([]);
    }));
});

test("a database is held by its name, which stops its backups and drills", () =>
  shop(async (it) => {
    it.databases = [{ ...database, name: "crm" }];
    expect(await it.say('hold crm --reason "migration"', LEAD)).toContain("lead holds crm");
    expect((await it.world.control.read()).holds.map(({ scope }) => scope)).toEqual(["crm"]);
  }));

describe("/ops restore", () => {
  test("makes a plan for two owners, says the estimate, and restores nothing by itself", () =>
    shop(async (it) => {
      const says = await it.say('restore shop --reason "a bad migration"', LEAD);
      expect(says).toContain("restore shop-261121-0200-nightly (41 GB) into a new database beside shop");
      expect(says).toContain("two owners for shop (cto)");
      expect(says).toContain("What runs is not touched");
      expect(startedOf(it, "restore")).toEqual([]);
    }));

  test("is started by the second word, ten minutes after the first where one person is the whole team", () =>
    shop(async (it) => {
      const plan = planIn(await it.say("restore shop", LEAD));
      expect(await it.say(`approve ${plan}`, OWNER)).toContain("A second yes is needed");
      expect(startedOf(it, "restore")).toEqual([]);
      it.now = epochMs(it.now + minutes(10));
      await it.say(`approve ${plan}`, OWNER);
      expect(startedOf(it, "restore").map(({ input }) => input)).toEqual([{ plan }]);
    }));

  test("an operator's word does not count", () =>
    shop(async (it) => {
      const plan = planIn(await it.say("restore shop", LEAD));
      await it.say(`approve ${plan}`, LEAD);
      expect(startedOf(it, "restore")).toEqual([]);
    }));

  test.each([
    ["restore shop shop-nope", "shop has no backup shop-nope"],
    ["restore shop --at 2126-11-21T01:30Z", "has not been yet"],
    ["restore shop shop-261121-0200-nightly --at 2020-01-01T00:00Z", "Name a backup or a moment, not both."],
  ])("%s is refused", (text, says) =>
    shop(async (it) => {
      expect(await it.say(text, LEAD)).toContain(says);
      expect(await it.world.approvals.pending(it.now)).toEqual([]);
    }),
  );

  test("of a dump is refused before anything is asked or started where no role restores, with the next step; a moment needs none", () =>
    shop(
      async (it) => {
        expect(await it.say("restore shop", LEAD)).toContain(
          "shop is not restored: shop has no role that restores: the one of its nights only reads. `npx nightshift backup grants` prints it",
        );
        expect(await it.world.approvals.pending(it.now)).toEqual([]);
        expect(await it.say("restore shop --at 2020-01-01T00:00Z --dry-run", LEAD)).toContain("RestoreDBInstanceToPointInTime");
      },
      [night],
      { restoreUrl: undefined },
    ));

  test("of a moment names the new instance; a dry run keeps no plan", () =>
    shop(async (it) => {
      const says = await it.say("restore shop --at 2020-01-01T00:00Z --dry-run", LEAD);
      expect(says).toContain("into the new instance nightshift-restore-shop-");
      expect(says).toContain("rds:CreateDBSnapshot of shop (safety, before anything else)");
      expect(await it.world.approvals.pending(it.now)).toEqual([]);
    }));

  test("without a proven backup there is nothing to restore", () =>
    shop(async (it) => expect(await it.say("restore shop", LEAD)).toContain("no backup of shop is proven"), []));
});
