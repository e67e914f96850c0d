import { type BackupRecord, backupId, type DrillSettings, epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import { missedDrill } from "./missed-drill.ts";

// Of a drill's settings only its day and its time are looked at.
const drill = { day: 3, at: { hour: 4, minute: 15 } } as DrillSettings;
const on = (month: number, day: number, hour = 4, minute = 15): number => Date.UTC(2026, month - 1, day, hour, minute);
const row = (id: string, at: number): BackupRecord => ({
  ...{ id: backupId(id), of: "shop", kind: "dump", series: "nightly", state: "verified", proof: "restored-and-compared" },
  ...{ scheduled: epochMs(at), times: {}, version: 1 },
});
const old = row("shop-260901-0200-nightly", on(9, 1));
const says = (at: number, ...rows: readonly BackupRecord[]) => missedDrill({ of: "shop", at: epochMs(at), drill, rows })?.says;

test("a drill that left no trace is told three days after its day, with the newest that there was", () => {
  expect(says(on(10, 6, 4, 14), old, row("shop-260903-0415-drill", on(9, 3)))).toBeUndefined();
  expect(says(on(10, 6, 4, 15), old, row("shop-260903-0415-drill", on(9, 3)))).toBe(
    "the drill of shop that was due on 2026-10-03 did not happen; the newest was on 2026-09-03, and how long a restore takes is as old. Ask for one: /ops backup drill shop",
  );
  expect(says(on(11, 2), old)).toContain("due on 2026-10-03 did not happen; there never was one");
});

test("a drill that was run, and one that was asked for later in its month, are enough", () => {
  expect(says(on(10, 20), old, row("shop-261003-0415-drill", on(10, 3)))).toBeUndefined();
  expect(says(on(10, 20), old, row("shop-261009-1000-drill", on(10, 9, 10, 0)))).toBeUndefined();
});

test("what was due before anybody looked is nobody's fault", () => {
  expect(says(on(10, 20), row("shop-261004-0200-nightly", on(10, 4)))).toBeUndefined();
});
