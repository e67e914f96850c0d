import { DATABASE } from "@nightshift/lab/scenarios/databases";
import { expect, it } from "vitest";
import { at, backupStage } from "./backup-stage.ts";

it("a night that is started by its schedule and once more by a person takes one backup with one task", async () => {
  const stage = await backupStage({ settings: { nightly: "03:05" } });
  await stage.until(3, 6);
  await stage.start("night", { of: DATABASE, scheduled: at(3, 5), series: "nightly" });
  await stage.until(3, 20);
  const dumps = (await stage.rows()).filter(({ kind }) => kind === "dump");
  const shelved = await stage.lab.run(() => stage.person.shelf.list(DATABASE));
  const tasks = stage.lab.history.filter((line) => line.kind === "world" && line.what === "one-off-ended").length;
  expect([dumps.map(({ id, state }) => [id, state]), shelved.map(({ id, verified }) => [id, verified]), tasks]).toEqual([
    [["shop-260316-0305-nightly", "verified"]],
    [["shop-260316-0305-nightly", true]],
    1,
  ]);
}, 60_000);

it("a byte of the commit record is changed: the backup is on no shelf, and nobody deletes it", async () => {
  const stage = await backupStage({ settings: { nightly: "03:05" } });
  await stage.until(3, 20);
  const bucket = stage.lab.s3.bucket("nightshift-backups");
  const key = `${DATABASE}/data/shop-260316-0305-nightly/manifest.json`;
  const bytes = Uint8Array.from(bucket.current(key)?.bytes ?? []);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  bucket.put(key, bytes);
  const deleted = () => stage.lab.meter.calls["s3:DeleteObject"] ?? 0;
  await stage.lab.run(() => stage.lab.lambda.run("prune", {}));
  expect([await stage.lab.run(() => stage.person.shelf.list(DATABASE)), deleted()]).toEqual([[], 0]);
}, 60_000);
