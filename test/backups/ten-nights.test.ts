import { brokenInvariants } from "@nightshift/lab/invariants/index";
import { DATABASE } from "@nightshift/lab/scenarios/databases";
import { days, epochMs } from "@nightshift/model";
import { expect, it } from "vitest";
import { at, backupStage } from "./backup-stage.ts";

/** What rings every few minutes, and what is saved beside the dump, is another story: thirteen days of them are a million calls. */
const LEFT_OUT = ["heartbeat", "sweep", "scaler", "sampler", "backup-sweep", "snapshot.shop", "snapshot.sessions", "snapshot.cache", "snapshot.pictures"];
/** Of which day a backup is, and what it counts as. */
const said = ({ id, verified, suspect }: { readonly id: string; readonly verified: boolean; readonly suspect: boolean }) =>
  `${id.slice(9, 11)}${suspect ? " suspect" : verified ? "" : " not proven"}`;

it("over thirteen nights what is suspect is neither counted nor deleted before somebody has looked, and four proven ones always stay", async () => {
  const keep = { daily: days(3), weekly: days(4), monthly: days(5), safety: days(3), atLeast: 4 };
  const { lab, world, person, slash, calls, lines } = await backupStage({ settings: { nightly: "03:05", keep } });
  for (const name of [...LEFT_OUT, "drill.shop"]) world.databases.silent.add(name);
  const standing: string[] = [];
  for (let day = 0; day < 13; day++) {
    if (day === 6) world.databases.expect(DATABASE, { kind: "suspect", because: "public.orders lost 62 % of its rows since the last night" });
    await lab.runUntil(epochMs(at(7) + days(day)));
    if (day === 8) await slash("U0123LEAD", epochMs(at(10) + days(day)), 'backup accept shop --reason "the old orders were archived"');
    standing.push((await lab.run(() => person.shelf.list(DATABASE))).map(said).join(", "));
  }
  expect(standing).toEqual([
    "16",
    "16, 17",
    "16, 17, 18",
    "16, 17, 18, 19",
    "16, 17, 18, 19, 20",
    // Five days older than the newest: no class keeps it.
    "17, 18, 19, 20, 21",
    // Nothing is deleted while something is suspect.
    "17, 18, 19, 20, 21, 22 suspect",
    "17, 18, 19, 20, 21, 22 suspect, 23",
    "17, 18, 19, 20, 21, 22 suspect, 23, 24",
    // It was accepted on the 24th: it stands for nothing, and four proven ones stay without it.
    "21, 23, 24, 25",
    "23, 24, 25, 26",
    "23, 24, 25, 26, 27",
    "24, 25, 26, 27, 28",
  ]);
  const deleted = calls().flatMap((line) => /prune s3:DeleteObject shop\/data\/shop-2603(\d\d)-0305-nightly\/manifest\.json$/.exec(line)?.[1] ?? []);
  expect(deleted).toEqual(["16", "17", "18", "19", "20", "22", "21", "23"]);
  const stopped =
    "✗ no backup of shop is deleted any more: shop-260322-0305-nightly is suspect: look at what changed in its source and acknowledge it, then prune again. Nothing is lost by waiting; the store grows. See npx nightshift backup status shop";
  expect([...new Set(lines().filter((line) => line.startsWith("  06:30:00 ")))]).toEqual([
    `  06:30:00 ${stopped}`,
    "  06:30:00 ✓ retention of shop goes on: nothing is in its way any more, and what is kept is locked",
  ]);
  expect(lines()).toContain(
    "  03:05:01 ✗ the backup of shop of 2026-03-22 03:05:00 UTC is red: public.orders lost 62 % of its rows since the last night. The newest backup that is still proven is shop-260321-0305-nightly of 2026-03-21, 23 h 59 m old.",
  );
  const rows = await lab.run(() => person.backupBook.all(DATABASE));
  expect(rows.map(({ id, state }) => `${id.slice(9, 11)} ${state}`)).toEqual([
    ...["16 pruned", "17 pruned", "18 pruned", "19 pruned", "20 pruned", "21 pruned", "22 pruned", "23 pruned"],
    ...["24 verified", "25 verified", "26 verified", "27 verified", "28 verified"],
  ]);
  expect(brokenInvariants(lab)).toEqual([]);
}, 240_000);
