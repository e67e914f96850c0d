import { type BackupRecord, backupId, epochMs, hours, minutes } from "@nightshift/model";
import { expect, test } from "vitest";
import { gateSnapshot } from "./gate-snapshot.ts";

const at = epochMs(Date.UTC(2026, 10, 21, 12, 0));
const row = (over: Partial<BackupRecord> = {}, ago: number = minutes(10)): BackupRecord => ({
  id: backupId("shop-261121-1150-before-deploy-snapshot"),
  of: "shop",
  kind: "rds-snapshot",
  series: "before-deploy",
  state: "uploaded",
  proof: "exists",
  scheduled: epochMs(at - ago),
  times: {},
  where: "arn:s",
  version: 1,
  ...over,
});

test.each([
  ["asks where none was taken", [], "ask"],
  ["asks where only a nightly one was", [row({ series: "nightly" })], "ask"],
  ["asks where the last one is a quarter of an hour old", [row({}, minutes(15) + 1)], "ask"],
  ["lets through what is as old as that", [row({}, minutes(15))], "go: shop-261121-1150-before-deploy-snapshot is available (arn:s)"],
  ["waits for one that is being taken", [row({ state: "running" })], "wait: shop-261121-1150-before-deploy-snapshot is being taken since 11:50:00 UTC"],
  ["waits four hours", [row({ state: "running" }, hours(4))], "wait: shop-261121-1150-before-deploy-snapshot is being taken since 08:00:00 UTC"],
  [
    "and no longer",
    [row({ state: "running" }, hours(4) + 1)],
    "stop: shop-261121-1150-before-deploy-snapshot is not there after 4 h: look at it, or deploy without --snapshot",
  ],
  [
    "stops where it failed",
    [row({ state: "failed", because: "100 of 100 manual snapshots are used" })],
    "stop: shop-261121-1150-before-deploy-snapshot is failed: 100 of 100 manual snapshots are used. Nothing was deployed; look at it, or deploy without --snapshot",
  ],
] as const)("a deployment's gate %s", (_, rows, says) => {
  const gate = gateSnapshot(rows, at);
  expect(gate.kind === "ask" ? "ask" : `${gate.kind}: ${gate.because}`).toBe(says);
});
