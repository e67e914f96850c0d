import { DATABASE, type databases } from "@nightshift/lab/scenarios/databases";
import { expect, it } from "vitest";
import { backupStage } from "./backup-stage.ts";

const settings = {
  nightly: "03:05",
  snapshots: { manifests: "nightly" },
  drill: { day: 16, at: "03:45", subnetGroup: "isolated", securityGroups: ["sg-0d2111111111111aa"], instanceClass: "db.t4g.medium" },
} as const satisfies NonNullable<Parameters<typeof databases>[1]>["settings"];

/** Calls that begin something, in the order in which they were accepted. */
const beginnings = ({ lab }: Awaited<ReturnType<typeof backupStage>>): readonly string[] =>
  lab.history.flatMap((line) => {
    if (line.kind !== "call" || line.result !== "ok") return [];
    const job = /\\?"do\\?":\\?"([\w-]+)\\?"(?:.*?\\?"side\\?":\\?"(\w+)\\?")?/.exec(JSON.stringify(line.input) ?? "");
    if (line.operation === "RunTask" && line.caller === "snapshot") return [`read ${job?.[2] ?? ""}`];
    if (line.operation === "RunTask" && line.caller === "drill") return [job?.[1] ?? ""];
    return line.operation === "CreateDBSnapshot" ? ["snapshot"] : [];
  });

it("a night's snapshot is taken between two readings of its source, and the drill holds the restored copy against both", async () => {
  const stage = await backupStage({ settings });
  await stage.until(4, 45);
  expect(beginnings(stage)).toEqual(["read before", "snapshot", "read after", "compare-instance"]);
  const snapshot = (await stage.rows()).find(({ kind, series }) => kind === "rds-snapshot" && series === "nightly");
  const { before, after, lacks } = snapshot?.slices ?? {};
  expect(lacks).toBeUndefined();
  expect(before?.at).toBeLessThan(snapshot?.contentsOf ?? 0);
  expect(after?.at).toBeGreaterThan(snapshot?.contentsOf ?? Number.POSITIVE_INFINITY);
  expect(snapshot).toMatchObject({ state: "verified", proof: "restored-and-compared" });
  const told = stage.told();
  expect(told).toMatch(/held against the manifests of 2026-03-16 03:\d\d:\d\d UTC and 2026-03-16 03:\d\d:\d\d UTC/);
}, 60_000);

it("a second reading that dies is told, the snapshot stands, and the drill reads the live database in its place", async () => {
  const stage = await backupStage({ settings });
  stage.world.databases.expect(DATABASE, { kind: "slow", times: 2 }, "manifest");
  stage.world.databases.expect(DATABASE, { kind: "dies", in: "describing" }, "manifest");
  await stage.until(3, 44);
  const snapshot = (await stage.rows()).find(({ kind, series }) => kind === "rds-snapshot" && series === "nightly");
  expect(snapshot).toMatchObject({ state: "uploaded", proof: "exists" });
  expect(snapshot?.slices).toEqual({ before: expect.anything(), lacks: expect.stringContaining("no manifest after it: its task stopped with exit code 137") });
  expect(stage.told()).toContain("it stands, and proves less: no manifest after it");
  await stage.until(4, 45);
  expect(stage.told()).toMatch(/held against the manifest of 2026-03-16 03:\d\d:\d\d UTC and the database as it is now/);
}, 60_000);
