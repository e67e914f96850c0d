import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { type BackupRecord, backupId, type DatabaseSettings, days, emptyControl, epochMs, hours, minutes, seconds } from "@nightshift/model";
import { PortError, type RunEnd } from "@nightshift/ports";
import { play } from "@nightshift/runtime";
import { type BackupAccount, backupAccount, Died } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { describe, expect, test } from "vitest";
import { night } from "./automation.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 2, 0));
const database: DatabaseSettings = shopDatabase;
const good: RunEnd = {
  state: "verified",
  contentsOf: epochMs(at + 2_000),
  bytes: 12e9,
  sourceBytes: 41e9,
  tables: 214,
  rows: 88_100_000,
  differences: [],
  findings: [],
  times: { dump: seconds(276), restore: seconds(662), compare: seconds(90) },
  verifierFails: true,
};
const yesterday: BackupRecord = {
  id: backupId("shop-261120-0200-nightly"),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(at - days(1)),
  contentsOf: epochMs(at - days(1)),
  times: {},
  version: 1,
};
const id = "shop-261121-0200-nightly";

function stage(end: RunEnd | undefined = good): BackupAccount {
  const account = backupAccount(at);
  account.cloud.instances.set("shop-prod", instanceOf("shop-prod"));
  account.rows.set(yesterday.id, yesterday);
  if (end !== undefined) account.ends.night = end;
  return account;
}
const settings = { database, channel: "C1" };
const due = { of: "shop", scheduled: at, series: "nightly" } as const;
const playOn = (account: BackupAccount, world = account.world, set: Partial<DatabaseSettings> = {}) =>
  play(night, { event: due, settings: { ...settings, database: { ...database, ...set } }, world, checkpoints: account.checkpoints });
const told = ({ world }: BackupAccount): readonly string[] =>
  [...world.said.values()].flatMap((entries) => [...entries.values()].filter((one) => one.announce).map((one) => one.text));

test("a good night is proven, stands in the book, and is one line in the channel", async () => {
  const account = stage();
  expect(await playOn(account)).toMatchObject({ ending: "acted", outcome: { kind: "proven" } });
  expect([...account.jobs.values()]).toEqual([{ run: id, of: "shop", do: "night", backup: id, scheduled: at, series: "nightly", diskGiB: 110 }]);
  expect(account.rows.get(id)).toMatchObject({ state: "verified", proof: "restored-and-compared", rows: 88_100_000, differences: 0 });
  expect(account.posted).toEqual([`bulletin/backup/shop/${id}`]);
  expect(account.world.openings.size).toBe(0);
});

describe("a red night opens an incident that names what is still proven", () => {
  test.each([
    [
      "differs",
      { ...good, state: "failed", differences: ["orders: 2 rows of key 4000 to 5999 differ"] },
      "is red: orders: 2 rows of key 4000 to 5999 differ. The newest",
    ],
    ["looks wrong", { ...good, state: "suspect", because: "orders lost 40 % of its rows" }, "is red: orders lost 40 % of its rows. The newest"],
    ["has a verifier that cannot fail", { ...good, verifierFails: false }, "is red: the verifier did not see a damage"],
  ] as const)("when it %s", async (_, end, says) => {
    const account = stage(end);
    expect(await playOn(account)).toMatchObject({ outcome: { kind: "red" } });
    expect(told(account)[0]).toContain(`✗ the backup of shop of 2026-11-21 02:00:00 UTC ${says}`);
    expect(told(account)[0]).toContain("that is still proven is shop-261120-0200-nightly");
    expect(account.rows.get(id)?.state).not.toBe("verified");
    // Only where the line about its progress stands: the incident tells the rest.
    expect(account.posted).toEqual([`bulletin/backup/shop/${id}`]);
    expect([...account.world.openings.values()].map(({ opening }) => [opening.id, opening.severity, opening.group])).toEqual([
      ["INC-261121-0200-shop-backup", "P3", "backups-shop"],
    ]);
  });

  test("when its task died without a word", async () => {
    const account = stage();
    account.dead.add(id);
    await playOn(account);
    expect(told(account)[0]).toContain("its task stopped with exit code 137 while restoring");
    expect(account.rows.get(id)).toMatchObject({ state: "failed", proof: "none" });
  });

  test("when it never comes to its end: it is stopped", async () => {
    const account = stage();
    delete account.ends.night;
    await playOn(account);
    expect([...account.stopped]).toEqual([id]);
    expect(account.world.at - at).toBeGreaterThan(hours(12));
    expect(account.rows.get(id)?.because).toBe("it did not end within the time that a night may take, and was stopped");
  });

  test("when the database is stopped: nothing is started", async () => {
    const account = stage();
    account.cloud.instances.set("shop-prod", instanceOf("shop-prod", { status: "stopped" }));
    expect((await playOn(account)).ending).toBe("left");
    expect(account.jobs.size).toBe(0);
    expect(told(account)[0]).toContain("shop-prod is stopped");
  });

  test("and the next good one ends it", async () => {
    const account = stage({ ...good, state: "failed", because: "no room" });
    await playOn(account);
    const next = backupAccount(epochMs(at + days(1)));
    Object.assign(next.world, { incidents: account.world.incidents, groups: account.world.groups });
    next.ends.night = good;
    next.cloud.instances.set("shop-prod", instanceOf("shop-prod"));
    await play(night, { event: { ...due, scheduled: epochMs(at + days(1)) }, settings, world: next.world, checkpoints: next.checkpoints });
    expect([...account.world.openings.keys()]).toEqual(["INC-261121-0200-shop-backup"]);
    const standings = [...(account.world.said.get("INC-261121-0200-shop-backup")?.values() ?? [])].flatMap(({ change }) =>
      change?.what === "standing" ? [change.standing] : [],
    );
    expect(standings).toEqual(["needs-person", "resolved"]);
  });
});

describe("while it goes on", () => {
  const moments = async (account: BackupAccount): Promise<readonly number[]> => {
    const { backupBook } = account.world;
    const shown: number[] = [];
    const replace: typeof backupBook.replace = async (row) => {
      if (row.progress !== undefined) shown.push((row.progress.at - at) / 60_000);
      return backupBook.replace(row);
    };
    Object.assign(account.world, { backupBook: { ...backupBook, replace } });
    await playOn(account);
    return shown;
  };

  test("its line is changed in place, from the third minute on and once a minute; its end takes the line's place", async () => {
    const account = stage();
    expect(await moments(account)).toEqual([3, 4, 5, 6, 7, 8, 9, 10.25, 11.25, 12.25, 13.25, 14.25, 15.25, 16.25, 17.25, 18.25, 19.25]);
    expect(account.shown.length).toBe(17);
    expect(account.posted).toEqual([`bulletin/backup/shop/${id}`]);
    expect(account.rows.get(id)).toMatchObject({ state: "verified" });
    expect(account.rows.get(id)?.progress).toBeUndefined();
  });

  test.each<[string, (account: BackupAccount) => void]>([
    ["the run never says how it goes", ({ world }) => silenced(world, async () => undefined)],
    ["what it says of its progress cannot be read", ({ world }) => silenced(world, async () => Promise.reject(new PortError("invalid", "read", "k", "torn")))],
  ])("%s: the night ends as it would, and nothing is shown", async (_, hide) => {
    const account = stage();
    hide(account);
    expect(await playOn(account)).toMatchObject({ outcome: { kind: "proven", shown: false } });
    expect([account.shown, account.posted.length]).toEqual([[], 1]);
  });

  test("a line that cannot be written or posted changes nothing", async () => {
    const account = stage();
    const { outbox } = account.world;
    const nudge: typeof outbox.nudge = async (channel, key, occasion) =>
      occasion.startsWith("progress/") ? Promise.reject(new PortError("unavailable", "sqs", "outbox", "away")) : outbox.nudge(channel, key, occasion);
    Object.assign(account.world, { outbox: { ...outbox, nudge } });
    expect(await playOn(account)).toMatchObject({ outcome: { kind: "proven" } });
    expect([account.shown, account.posted.length]).toEqual([[], 1]);
  });

  test("without a channel nothing is shown", async () => {
    const account = stage();
    await play(night, { event: due, settings: { ...settings, channel: undefined }, world: account.world, checkpoints: account.checkpoints });
    expect([account.shown, account.posted]).toEqual([[], []]);
  });

  /** Says how a run ended, and of its progress only what `say` does. */
  function silenced(world: BackupAccount["world"], say: () => Promise<undefined>): void {
    const { report } = world.shelf;
    Object.assign(world.shelf, {
      report: async (of: string, run: string) => {
        const said = await report(of, run);
        return said?.ended === undefined ? say() : said;
      },
    });
  }
});

describe("modes", () => {
  test("shadow only tells", async () => {
    const account = stage();
    expect((await playOn(account, account.world, { mode: "shadow" })).ending).toBe("told");
    expect(account.jobs.size).toBe(0);
    expect(told(account)[0]).toContain("would have been taken and proven");
  });
  test("ask without an answer takes nothing, and is red", async () => {
    const account = stage();
    expect((await playOn(account, account.world, { mode: "ask" })).ending).toBe("not-approved");
    expect(account.jobs.size).toBe(0);
    expect(told(account)[0]).toContain("is red: nobody answered");
  });
});

test("inside a hold nothing is taken", async () => {
  const account = stage();
  account.world.state = { ...emptyControl, holds: [{ scope: "shop", by: "lead", because: "migration", at, until: undefined }] };
  expect((await playOn(account)).ending).toBe("left");
  expect(account.jobs.size).toBe(0);
});

test("a hold that comes before the task is started stops it", async () => {
  const account = stage();
  const { control } = account.world;
  const held = { ...emptyControl, holds: [{ scope: "all", by: "lead", because: "stop", at, until: undefined }] };
  let reads = 0;
  Object.assign(account.world, { control: { read: async () => (++reads === 1 ? emptyControl : held), replace: control.replace } });
  await playOn(account);
  expect(account.jobs.size).toBe(0);
  expect(account.rows.get(id)).toMatchObject({ state: "failed", because: expect.stringContaining("it was not started: lead holds everything") });
});

test("a deployment is let through, for half an hour at most", async () => {
  const brief = stage();
  brief.deployments.push({ service: "shop-api", until: epochMs(at + minutes(7)) });
  await playOn(brief);
  expect(brief.rows.get(id)?.state).toBe("verified");
  const long = stage();
  long.deployments.push({ service: "shop-api", until: epochMs(at + hours(9)) });
  expect((await playOn(long)).verdict.because[1]).toBe("shop-api was still being deployed after the wait; the dump gives way to a migration by itself");
});

test("what is asked for before a deployment does not wait for it", async () => {
  const account = stage();
  account.deployments.push({ service: "shop-api", until: epochMs(at + hours(9)) });
  await play(night, { event: { ...due, series: "before-deploy" }, settings, world: account.world, checkpoints: account.checkpoints });
  expect(account.world.at - at).toBeLessThan(minutes(30));
});

describe.each(["before", "after"] as const)("a machine that dies %s one of its calls", (when) => {
  test("at any line: the next one brings the night to the same end, with one task and one row", async () => {
    let longest = 0;
    for (let line = 1; line <= 400; line++) {
      const account = stage();
      await playOn(account, account.mortal(line, when)).then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof Died)) throw error;
        },
      );
      if (account.calls < line) break;
      longest = line;
      await playOn(account);
      expect({ line, runs: [...account.jobs.keys()], state: account.rows.get(id)?.state, incidents: account.world.openings.size }).toEqual({
        line,
        runs: [id],
        state: "verified",
        incidents: 0,
      });
      expect(new Set(account.posted)).toEqual(new Set([`bulletin/backup/shop/${id}`]));
      const outcomes = account.world.records.filter((record) => record.kind === "outcome");
      expect(outcomes.map((record) => record.body["ended"])).toEqual(["done"]);
    }
    // Every call of a night was the last one of a machine: the loop ended because there were no more.
    expect([longest > 100, longest < 400]).toEqual([true, true]);
  });
});

describe("a person who asks", () => {
  const wish = { of: "shop", scheduled: at, series: "manual", by: "lead" } as const;
  const asks = (account: BackupAccount) => play(night, { event: wish, settings, world: account.world, checkpoints: account.checkpoints });
  const left: BackupRecord = { ...yesterday, id: backupId("shop-261120-1900-nightly"), state: "running", proof: "none", scheduled: epochMs(at - hours(7)) };

  test("hears of a hold", async () => {
    const account = stage();
    account.world.state = { ...emptyControl, holds: [{ scope: "shop", by: "lead", because: "migration", at, until: undefined }] };
    expect((await asks(account)).ending).toBe("left");
    expect(account.jobs.size).toBe(0);
    expect(told(account)[0]).toContain("was not taken: nothing is changed inside a hold");
  });

  test("gets a backup beside a row that a dead run left, which is settled", async () => {
    const account = stage();
    account.rows.set(left.id, left);
    expect(await asks(account)).toMatchObject({ ending: "acted", outcome: { kind: "proven" } });
    expect(account.rows.get(left.id)).toMatchObject({ state: "failed", because: "its run never said anything" });
  });

  test("hears that another one is at work, as long as that one speaks", async () => {
    const account = stage();
    account.rows.set(left.id, left);
    const { shelf } = account.world;
    const report: typeof shelf.report = async (of, run) =>
      run === left.id ? { run, of, phase: "dumping", at: account.world.clock.now() } : shelf.report(of, run);
    Object.assign(account.world, { shelf: { ...shelf, report } });
    expect((await asks(account)).ending).toBe("left");
    expect(account.rows.get(left.id)?.state).toBe("running");
    expect(told(account)[0]).toContain("one backup of a database is enough");
  });
});
