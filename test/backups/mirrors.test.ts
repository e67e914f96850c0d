import { mirrorAskedPattern, mirrorNoteHeader } from "@nightshift/events/patterns";
import { minutes } from "@nightshift/model";
import { expect, test } from "vitest";
import { backupStage } from "./backup-stage.ts";

const MIRROR = "mirror.shop.api";
const QUIET = ["heartbeat", "sweep", "scaler", "sampler", "backup-sweep", "night.shop", "snapshot.shop", "drill.shop", "snapshot.sessions", "snapshot.cache"];

async function mirrored() {
  const stage = await backupStage({ backups: { secondRegion: "eu-west-1", configuration: { parameterPaths: [], repositories: ["shop/api"] } } });
  for (const name of QUIET) stage.world.databases.silent.add(name);
  return stage;
}

test("a mirror is asked for on our bus; whoever mirrors answers there, and the book has the commit", async () => {
  const { lab, rows, told, until } = await mirrored();
  const asked: string[] = [];
  lab.bus.rule({
    name: "the team's own pipeline",
    pattern: mirrorAskedPattern,
    target: ({ detail }) => {
      asked.push(JSON.stringify(detail));
      lab.kernel.clock.in(minutes(4), () => {
        lab.bus.publish({ ...mirrorNoteHeader, resources: [], detail: { repository: "shop/api", commit: "8f2d1c7" } });
      });
    },
  });
  await until(4);
  expect(asked).toEqual(['{"repository":"shop/api","scheduled":"2026-03-16T03:30:00Z"}']);
  expect(await rows(MIRROR)).toMatchObject([{ id: "mirror.shop.api-260316-0330-nightly-copy", state: "uploaded", proof: "exists", where: "shop/api@8f2d1c7" }]);
  expect(told()).not.toContain("mirror");
}, 60_000);

test("one that nobody answers is red in the morning, and says what to look at", async () => {
  const { rows, lines, until } = await mirrored();
  await until(13);
  expect(await rows(MIRROR)).toMatchObject([{ state: "failed", proof: "none" }]);
  expect(lines().filter((line) => line.includes("nobody said that it was mirrored"))).not.toEqual([]);
}, 60_000);
