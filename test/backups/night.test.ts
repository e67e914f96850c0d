import { DATABASE } from "@nightshift/lab/scenarios/databases";
import { expect, it } from "vitest";
import { at, backupStage } from "./backup-stage.ts";

it("scratch", async () => {
  const stage = await backupStage();
  await stage.start("night", { of: DATABASE, scheduled: at(4), series: "nightly" });
  await stage.until(6);
  console.log(
    JSON.stringify(await stage.rows(), null, 1),
    stage.told(),
    stage.lab.engine.executions.map((e) => [e.status, e.error, e.result]),
  );
  console.log(
    stage.lab.history
      .filter((l) => l.kind === "world")
      .map((l) => (l.kind === "world" ? `${new Date(l.at).toISOString()} ${l.what} ${l.about}` : ""))
      .filter((l) => !/event|serving/.test(l))
      .join("\n"),
  );
  console.log(stage.lab.s3.keys("nightshift-backups"), await stage.lab.run(() => stage.person.shelf.list(DATABASE)));
  expect(1).toBe(1);
});
