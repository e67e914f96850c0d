import { type BackupRecord, backupId, epochMs, hours } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { ledgered, nightshift } from "./harness.ts";

const at = epochMs(Date.UTC(2026, 2, 14, 3, 12));
const row = (of: string, kind: BackupRecord["kind"], over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(`${of}-260314-0200-nightly`),
  of,
  kind,
  series: "nightly",
  state: "uploaded",
  proof: "exists",
  scheduled: epochMs(at - hours(1)),
  contentsOf: epochMs(at - hours(1)),
  times: {},
  version: 1,
  ...over,
});
const copied = (region: string) => row("shop", "rds-snapshot", { copies: [{ region, where: "arn:aws:rds:x", at }] });
const planned = async (rows: readonly BackupRecord[], ...more: readonly string[]) => {
  const account = await ledgered();
  await account.lab.run(async () => {
    for (const one of rows) await account.ports.backupBook.replace(one);
  });
  return account.nightshift(["backup", "plan", "--config", "nightshift.config.ts", ...more]);
};
const json = async (rows: readonly BackupRecord[], ...more: readonly string[]) => JSON.parse((await planned(rows, "--json", ...more)).out[0] ?? "");

describe("backup plan", () => {
  it("brings stores back before services, and switches DNS last; somebody decides", async () => {
    const made = await json([copied("eu-north-1"), row("configuration", "configuration")]);
    const phases: readonly string[] = made.steps.map(({ phase }: { readonly phase: string }) => phase);
    expect(phases).toEqual(phases.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    expect(made.steps.find(({ what }: { readonly what: string }) => what === "database shop").from).toBe(
      "the copied snapshot shop-260314-0200-nightly (never restored yet)",
    );
    expect(made.decides).toBe("founder decides, twice, ten minutes apart");
  });

  it("finds nothing in a region that no copy travels to, and ends with 1", async () => {
    const { exit, out } = await planned([copied("eu-north-1"), row("configuration", "configuration")], "--into", "ap-south-1");
    expect(exit).toBe(1);
    expect(out).toContain("✗ database shop: nothing of it is in the second region");
    expect(out).toContain("✗ shop: RPO 24 h, RTO 1 h: there is nothing to restore from");
  });

  it("takes no copy for granted when the ledger was not read, and fits a screen", async () => {
    const { exit, out } = await nightshift(["backup", "plan", "--config", "nightshift.config.ts"]);
    expect(exit).toBe(1);
    expect(out.join(" ")).toContain("The ledger was not read.");
    expect(out).toContain("✗ database shop: nothing of it is in the second region");
    expect(out.length).toBeLessThan(30);
    expect(Math.max(...out.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("refuses to rebuild a region in itself", async () => {
    const { exit, err } = await nightshift(["backup", "plan", "--lost", "eu-west-1", "--into", "eu-west-1"]);
    expect([exit, err]).toEqual([2, ["backup plan: eu-west-1 cannot be rebuilt in itself: give --into another region."]]);
  });
});

const order = ["configuration", "stores", "services", "traffic", "watch"];

describe("backup plan --drill", () => {
  it("restores the copied snapshot in the second region, compares it without a difference, deploys, and says what it does not play", async () => {
    const { exit, out } = await nightshift(["backup", "plan", "--drill", "--json"]);
    expect(exit).toBe(0);
    const played = JSON.parse(out[0] ?? "");
    expect([played.lab, played.from, played.into, played.differences]).toEqual([true, "eu-central-1", "eu-west-1", 0]);
    expect(played.steps.map(({ what, how }: { readonly what: string; readonly how: string }) => [what, how])).toEqual([
      ["restore", "measured"],
      ["compare", "measured"],
      ["deploy", "measured"],
      ["switch", "assumed"],
    ]);
    // The lab's instance is there after 6 to 12 minutes (`labRates`).
    const [restore, compare] = played.steps;
    // 4 GB come from S3 at 80 MB/s, and are then read at 190: a comparison that was over sooner compared nothing.
    expect(compare.took).toBeGreaterThanOrEqual(70_000);
    expect(restore.took).toBeGreaterThanOrEqual(6 * 60_000);
    expect(restore.took).toBeLessThanOrEqual(13 * 60_000);
    expect(played.lost).toBeGreaterThan(hours(1));
  }, 120_000);

  it("refuses a size or a seed that is none", async () => {
    expect((await nightshift(["backup", "plan", "--drill", "--gigabytes", "0"])).exit).toBe(2);
    expect((await nightshift(["backup", "plan", "--drill", "--seed", "-1"])).exit).toBe(2);
  });
});
