import { backupId, type BackupRecord, epochMs } from "@nightshift/model";
import { expect, test } from "vitest";
import { otherThanOrdered, type SaidRestored } from "./restored-as-ordered.ts";

const row: BackupRecord = {
  id: backupId("shop-261121-0200-nightly"),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(0),
  times: {},
  version: 1,
};
const ordered = (said: Partial<SaidRestored>, endpoint = "prod.internal:5432") =>
  otherThanOrdered(
    {
      order: { of: "shop", by: "lead", because: "x", asked: epochMs(0) },
      way: { kind: "database", row, estimate: undefined },
      source: { endpoint, instanceClass: "db.t4g.medium", subnetGroup: undefined, securityGroups: [], parameterGroup: undefined },
    },
    { backup: row.id, into: "shop_restored on prod.internal:5432", state: "restored", ...said },
  );

test("the ordered backup on the ordered server is what was ordered", () => {
  expect(ordered({})).toBeUndefined();
  expect(ordered({}, "prod.internal")).toBeUndefined();
  expect(ordered({ state: "failed", into: undefined })).toBeUndefined();
});

test.each([
  ["another backup", { backup: backupId("shop-261120-0200-nightly") }, "the run says that it restored shop-261120-0200-nightly"],
  ["no backup", { backup: undefined }, "nothing that it names"],
  ["another server", { into: "shop_restored on other.internal:5432" }, "was to be restored on prod.internal:5432, and the run says shop_restored on other"],
  ["another port", { into: "shop_restored on prod.internal:5433" }, "and the run says shop_restored on prod.internal:5433"],
  ["a server whose name only begins so", { into: "x on prod.internal:54321" }, "was to be restored on"],
  ["no place", { into: undefined }, "nothing of where it is"],
])("%s is not", (_, said, says) => {
  expect(ordered(said)).toContain(says);
});

test("where the server is unknown, nothing is on it", () => {
  expect(ordered({}, "")).toContain("no server that is known");
});
