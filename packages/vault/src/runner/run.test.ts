import { epochMs, minutes } from "@nightshift/model";
import { expect, test } from "vitest";
import { runKeys } from "../store/layout.ts";
import { openStore } from "../store/open.ts";
import { temporaryFolder } from "../testing/archives.ts";
import { asRun } from "./run.ts";
import type { RunnerWorld } from "./world.ts";

test("a run that fails after its backup is known says the size all the same: the next night's disk is asked for by it", async () => {
  const store = openStore(await temporaryFolder());
  // The part of a runner's world that a run touches.
  const world = { store, clock: () => epochMs(1), deadAfter: minutes(2), tell: () => undefined, boundary: () => undefined } as unknown as RunnerWorld;
  const run = asRun(world, { of: "shop", run: "night-1", backup: undefined }, async (report) => {
    report.know({ sourceBytes: 40 * 2 ** 30, bytes: 9 * 2 ** 30 });
    throw new Error("no room");
  });
  await expect(run).rejects.toThrow("no room");
  const said: unknown = JSON.parse(Buffer.from(await store.read(runKeys("shop", "night-1").outcome)).toString());
  expect(said).toMatchObject({ ended: { state: "failed", because: "no room", sourceBytes: 42_949_672_960, bytes: 9_663_676_416 } });
});
