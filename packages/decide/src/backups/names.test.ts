import { epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import { backupIdOf, cloudName, minuteOf } from "./names.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 2, 0));

test("the same minute, series and kind give the same name, and each of them another one", () => {
  expect(backupIdOf({ of: "shop", scheduled: at, series: "nightly", kind: "dump" })).toBe("shop-261121-0200-nightly");
  expect(backupIdOf({ of: "shop", scheduled: at, series: "before-deploy", kind: "rds-snapshot" })).toBe("shop-261121-0200-before-deploy-snapshot");
  expect(backupIdOf({ of: "carts", scheduled: at, series: "nightly", kind: "dynamodb-backup" })).toBe("carts-261121-0200-nightly-table");
});

test("a schedule's event that comes some seconds late means its minute", () => {
  expect(minuteOf(epochMs(at + 59_999))).toBe(at);
  expect(minuteOf(epochMs(at + 60_000))).toBe(at + 60_000);
});

test.each([
  ["snapshot", "shop-261121-0200-nightly-snapshot", "nightshift-shop-261121-0200-nightly-snapshot"],
  ["verify", "Shop_EU--261121", "nightshift-verify-shop-eu-261121"],
  ["restore", `${"x".repeat(60)}-261121-0200`, `nightshift-restore-${"x".repeat(32)}-261121-0200`],
] as const)("a %s of %s is called as RDS allows", (what, id, name) => {
  expect(cloudName(what, id)).toBe(name);
  expect(name.length).toBeLessThanOrEqual(63);
});
