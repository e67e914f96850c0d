import { brokenInvariants } from "@nightshift/lab/invariants/index";
import { SECOND_REGION } from "@nightshift/lab/scenarios/databases";
import { days, epochMs } from "@nightshift/model";
import { expect, it } from "vitest";
import { at, backupStage } from "./backup-stage.ts";

/** As in thirteen nights of dumps: what rings every few minutes is another story. */
const LEFT_OUT = [
  "heartbeat",
  "sweep",
  "scaler",
  "sampler",
  "backup-sweep",
  "night.shop",
  "drill.shop",
  "snapshot.sessions",
  "snapshot.cache",
  "snapshot.pictures",
];

it("of seven nights' snapshots kept for one day the older go, each with its copy in the second region; the newest three stay in both", async () => {
  const { lab, world, rows } = await backupStage({
    settings: { nightly: "03:05", snapshots: { keep: days(1), copyTo: { region: SECOND_REGION, kmsKey: "alias/nightshift" } } },
  });
  for (const name of LEFT_OUT) world.databases.silent.add(name);
  const standing: string[] = [];
  for (let day = 0; day < 7; day++) {
    await lab.runUntil(epochMs(at(7) + days(day)));
    const manual = lab.rds.snapshots.filter((one) => one.manual && one.instance === "shop-prod");
    const of = (there: boolean) => manual.filter(({ region }) => (region === SECOND_REGION) === there).map(({ id }) => id.slice(20, 22));
    standing.push(`${of(false).join(" ")} | ${of(true).join(" ")}`);
  }
  expect(standing).toEqual([
    "16 | 16",
    "16 17 | 16 17",
    "16 17 18 | 16 17 18",
    "17 18 19 | 17 18 19",
    "18 19 20 | 18 19 20",
    "19 20 21 | 19 20 21",
    "20 21 22 | 20 21 22",
  ]);
  // The copy goes first: what it was made from is found by its row as long as one of them stands.
  const deleted = lab.history.flatMap((line) =>
    line.kind === "world" && line.what === "snapshot-deleted" ? [`${line.about.slice(20, 22)} in ${String(line.detail["region"])}`] : [],
  );
  expect(deleted).toEqual(["16", "17", "18", "19"].flatMap((day) => [`${day} in eu-west-1`, `${day} in eu-central-1`]));
  expect((await rows()).map(({ id, state, copies }) => [id, state, copies?.map(({ region }) => region)])).toEqual([
    ...["16", "17", "18", "19"].map((day) => [`shop-2603${day}-0305-nightly-snapshot`, "pruned", ["eu-west-1"]]),
    ...["20", "21", "22"].map((day) => [`shop-2603${day}-0305-nightly-snapshot`, "uploaded", ["eu-west-1"]]),
  ]);
  expect(brokenInvariants(lab)).toEqual([]);
}, 120_000);
