import { appendFileSync } from "node:fs";
import path from "node:path";
import { type BackupRecord, backupId, days, epochMs, hours, minutes, type RecoverySample, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { LOOKED, night, shelfOf, type ShelvedNight, sixtyNights } from "./backup-shelf.ts";
import { ledgered, nightshift } from "./harness.ts";

const status = (folder: string, ...more: readonly string[]) => nightshift(["backup", "status", "--from", folder, ...more]);
const things = async (folder: string, ...more: readonly string[]) => JSON.parse((await status(folder, "--json", ...more)).out[0] ?? "").things;
const proven = (daysAgo: number, bytes?: number): ShelvedNight => ({ scheduled: night(daysAgo), ends: "proven", ...(bytes === undefined ? {} : { bytes }) });

describe("backup status of a store alone", () => {
  it("says what is proven, what would be lost, how long a restore takes and where it leads, on one screen", async () => {
    const folder = shelfOf(sixtyNights());
    const { exit, out } = await status(folder, "--rpo", "24h", "--rto", "45m");
    expect(exit).toBe(0);
    expect(out).toEqual([
      "thing            newest     how far proven             RPO now/most  RTO/most     next night",
      "shop (database)  ✓ 7 h old  restored, every row equal  ✓ 7 h/24 h    ✓ 43 m/45 m  –",
      "",
      "shop     nights  ✓✓✓✓✓✓✓✓✓✗✓✓✓✓✓✓✗✗✓✓✓✓✓✓●✓✓✓✓✓ 26 proven, 3 red in 30 days",
      "         RPO     6 h 59 m of 24 h at most, back to 2026-11-21 02:00:05 UTC, the newest proven",
      "                 backup; at the worst it was 3 days",
      "         RTO     42 m 30 s of 45 m (create target, switch over assumed); measured on 2026-11-21",
      "         size    ▁▁▁▂▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▆▆▆▆▇▇▇▇███ 41 GB → 42 GB",
      "         restore ▁▁▁▂▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▆▆▆▆▇▇▇▇███ 41 m 57 s → 42 m 30 s",
      "         trend   +2.8 % a month; an RTO of 45 m is passed in about 5 months",
      "",
      `From ${folder}, 2026-11-21 09:00:00 UTC. Nights: ✓ proven, ● taken, ? suspect, ✗ failed, · none.`,
    ]);
    expect(Math.max(...out.map((line) => line.length))).toBeLessThanOrEqual(130);
  });

  it.each([
    ["7h", "7h", 0],
    ["6h", "7h", 1],
    ["7h", "41m", 1],
  ])("ends with 1 where a target is missed: loss %s, restore %s", async (rpo, rto, exit) => {
    expect((await status(shelfOf([proven(0)]), "--rpo", rpo, "--rto", rto)).exit).toBe(exit);
  });

  it.each(["unproven", "suspect", "failed", "torn"] as const)("counts no night that is %s, and says so", async (ends) => {
    const folder = shelfOf([proven(1), { scheduled: night(0), ends }]);
    const [shop] = await things(folder);
    expect(shop.newest.id).toBe("shop-261120-0200-nightly");
    expect(shop.rpo.lostMs).toBe(days(1) + LOOKED - seconds(5));
    expect(shop.nights.at(-1).state).toBe(ends === "torn" ? "failed" : ends === "unproven" ? "uploaded" : ends);
    expect(shop.stored.proven).toBe(1);
    expect(shop.well).toBe(ends !== "suspect");
  });

  it("takes a record that one byte was added to for no backup", async () => {
    const folder = shelfOf([proven(1), proven(0)]);
    appendFileSync(path.join(folder, "shop/data/shop-261121-0200-nightly/manifest.json"), " ");
    const [shop] = await things(folder);
    expect(shop.newest.id).toBe("shop-261120-0200-nightly");
    expect(shop.nights.at(-1)).toMatchObject({ state: "failed", because: expect.stringContaining("manifest.json is refused") });
  });

  it("does not say that nothing was taken where what was taken is damaged", async () => {
    const folder = shelfOf([proven(0)]);
    appendFileSync(path.join(folder, "shop/data/shop-261121-0200-nightly/manifest.json"), " ");
    const { exit, out } = await status(folder);
    expect([exit, out[1]?.trimEnd()]).toEqual([1, "shop (database)  ✗ none  none that counts  –             –         –"]);
  });

  it("knows no loss and no restore time where nothing was ever proven, and calls neither kept", async () => {
    const { exit, out } = await status(shelfOf([{ scheduled: night(0), ends: "unproven" }]), "--rpo", "24h", "--rto", "1h");
    expect(exit).toBe(1);
    expect(out[1]).toBe("shop (database)  ● 7 h old  exists, never restored  ✗ ?/24 h      ✗ ?/1 h   –");
    expect(out.join("\n")).toContain("RTO     unknown: no restore of it was ever measured");
    expect(out.join("\n")).toContain("RPO     unknown of 24 h at most, nothing proven to go back to");
  });

  it("forecasts nothing from less than three days, and no end from a database that shrinks", async () => {
    const trend = async (nights: readonly ShelvedNight[]) => (await status(shelfOf(nights), "--rto", "1h")).out.find((line) => line.includes("trend"))?.trim();
    expect(await trend([proven(2, 40e9), proven(0, 44e9)])).toBe("trend   unknown until three days of sizes are there");
    expect(await trend([proven(3, 44e9), proven(0, 40e9)])).toBe("trend   −101 % a month; an RTO of 1 h is not passed at this rate");
  });

  it("names what is there when a name is wrong, and how to begin when nothing is", async () => {
    const empty = await status(shelfOf([]));
    expect([empty.exit, empty.err[0]]).toEqual([1, expect.stringContaining("`npx nightshift backup take --to")]);
    const wrong = await status(shelfOf([proven(0)]), "shopp");
    expect([wrong.exit, wrong.err[0]]).toEqual([1, expect.stringContaining("There is no backup of shopp in")]);
  });
});

it("backup list of a place without backups is a refusal that says which place is meant, also one folder too deep", async () => {
  const folder = shelfOf([proven(0)]);
  const { exit, out, err } = await nightshift(["backup", "list", "--from", path.join(folder, "shop")]);
  expect([exit, out, err]).toEqual([
    1,
    [],
    [`There is no backup in ${path.join(folder, "shop")}: name the place that \`backup take --to\` was given, not a folder within it.`],
  ]);
  expect((await nightshift(["backup", "list", "--from", folder, "--name", "shopp"])).err).toEqual([expect.stringMatching(/^There is no backup of shopp in /)]);
});

describe("backup status of the ledger", () => {
  const at = epochMs(Date.UTC(2026, 2, 14, 3, 12));
  const dump = (hoursAgo: number, over: Partial<BackupRecord> = {}): BackupRecord => ({
    id: backupId(`shop-${hoursAgo}`),
    of: "shop",
    kind: "dump",
    series: "nightly",
    state: "verified",
    proof: "restored-and-compared",
    scheduled: epochMs(at - hours(hoursAgo)),
    contentsOf: epochMs(at - hours(hoursAgo)),
    verifiedAt: epochMs(at - hours(hoursAgo) + minutes(20)),
    sourceBytes: 40e9,
    times: { download: minutes(1), restore: minutes(10), compare: minutes(2) },
    version: 1,
    ...over,
  });
  const shown = async (rows: readonly BackupRecord[], samples: readonly RecoverySample[], ...more: readonly string[]) => {
    const account = await ledgered();
    await account.lab.run(async () => {
      for (const row of rows) await account.ports.backupBook.replace(row);
      for (const sample of samples) await account.ports.backupBook.sample(sample);
    });
    return account.nightshift(["backup", "status", "--config", "nightshift.config.ts", ...more]);
  };
  const sample: RecoverySample = { at: epochMs(at + minutes(10)), of: "shop", rpo: minutes(4) };

  it("lists everything that the config backs up, each with an honest word for its proof", async () => {
    const carts: BackupRecord = { ...dump(1), id: backupId("carts-1"), of: "carts", kind: "dynamodb-backup", state: "uploaded", proof: "exists" };
    const { exit, out } = await shown([dump(1), carts], [sample]);
    expect(exit).toBe(1);
    // The lab's clock goes on while files are read, so that lengths are not exact.
    expect(out.slice(0, 7).map((line) => line.replace(/in \d+ [mh]$/, "soon"))).toEqual([
      "thing                newest     how far proven             RPO now/most  RTO/most    next night",
      "shop (database)      ✓ 2 h old  restored, every row equal  ✓ 4 m/24 h    ✓ 38 m/1 h  soon",
      "shop (RDS snapshot)  ✗ none     nothing was taken          –             –           soon",
      "carts (table)        ● 2 h old  exists, never restored     ✗ ?/1 h       –           soon",
      "sessions (cache)     ✗ none     nothing was taken          –             –           soon",
      "pictures (media)     ✗ none     nothing was taken          –             –           soon",
      "configuration        ✗ none     nothing was taken          –             –           soon",
    ]);
    expect(out.length).toBeLessThan(30);
  });

  it("asks for a person where a backup is suspect, until somebody acknowledged it", async () => {
    const suspect = dump(1, { state: "suspect", because: "public.orders lost 41 % of its rows" });
    const open = await shown([dump(25), suspect], [], "shop");
    expect(open.out.join(" ").replace(/\s+/g, " ")).toContain(
      "✗ shop-1 is suspect (public.orders lost 41 % of its rows): nothing is pruned until somebody looked.",
    );
    const done = await shown([dump(25), { ...suspect, acknowledgedBy: "ada" }], [], "shop");
    expect(done.out.join("\n")).not.toContain("is suspect");
  });

  it("refuses targets that stand in the config", async () => {
    const { exit, err } = await shown([], [], "--rpo", "24h");
    expect([exit, err[0]]).toEqual([2, "--rpo and --rto go with --from: with a ledger, targets are those of nightshift.config.ts."]);
  });
});
