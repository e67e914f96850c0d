import { describe, expect, it } from "vitest";
import { backupStage } from "./backup-stage.ts";

describe("x", () => {
  it("scratch", async () => {
    const stage = await backupStage();
    await stage.until(6, 50);
    console.log(JSON.stringify((await stage.rows()).map((r) => [r.id, r.state, r.proof])), stage.told().slice(0, 3000));
    console.log(
      stage.lab.history
        .filter((l) => l.kind === "world")
        .map((l) => (l.kind === "world" ? `${new Date(l.at).toISOString()} ${l.what} ${l.about} ${JSON.stringify(l.detail).slice(0, 200)}` : ""))
        .filter((l) => !/ event |serving|task-/.test(l))
        .join("\n"),
    );
    console.log(stage.lab.s3.keys("nightshift-backups"), JSON.stringify(stage.lab.meter.calls), stage.lab.sqs.queue("nightshift-dead-letters").bodies);
    expect(1).toBe(1);
  }, 60000);
});
