import { planDisaster, sayDisaster } from "@nightshift/decide/backups/disaster-plan";
import { playRegionDrill } from "@nightshift/lab/products/region-drill";
import { SECOND_REGION } from "@nightshift/lab/scenarios/databases";
import type { BackupRecord } from "@nightshift/model";
import { expect, it } from "vitest";
import { backupStage } from "./backup-stage.ts";

it("the region is lost two hours after a real night: from what each thing comes back, in which order, how long it takes, and what is missing", async () => {
  const { lab, rows: rowsOf, settings, until, calls } = await backupStage({ settings: { nightly: "03:05" } });
  await until(5, 30);
  const rows: Record<string, readonly BackupRecord[]> = {};
  for (const name of ["shop", "sessions", "cache", "pictures"]) rows[name] = await rowsOf(name);
  const plan = (given: typeof rows, dumpsThere = false) =>
    sayDisaster(planDisaster({ at: lab.clock.now(), settings: settings(), rows: given, services: ["shop-api"], dumpsThere }));
  expect(calls()).toContain("03:07 snapshot rds:CopyDBSnapshot nightshift-shop-260316-0305-nightly-snapshot");
  expect(plan(rows)).toEqual([
    "If this region were gone now: eu-west-1 would serve again in about 1 h 5 m (not all of it measured).",
    "configuration: network, task definitions and parameters from NOTHING, 20 m (assumed)",
    "stores: database shop from the copied snapshot shop-260316-0305-nightly-snapshot (never restored yet), 20 m (assumed), losing 2 h 24 m",
    "stores: table sessions from NOTHING, 30 m (assumed)",
    "stores: media pictures from its replica shop-media-copy, which a canary reached 1 h 59 m ago, 0 s",
    "stores: cache cache from nothing: it begins empty, 20 m (assumed)",
    "services: deploy shop-api from its saved task definition, 5 m (assumed)",
    "traffic: switch DNS over, and verify by the smoke tests from the record's time to live, 10 m (assumed)",
    "watch: watch the new region from alarms, 24 h (assumed)",
    "✗ network, task definitions and parameters: nothing of it is in the second region",
    "✗ table sessions: nothing of it is in the second region",
    "✗ no mirror of a repository is named: without the code nothing is built again",
  ]);
  // Without the copy there is nothing to restore from, whatever lies in the lost region.
  const atHome = { ...rows, shop: (rows["shop"] ?? []).map(({ copies: _, ...row }) => row) };
  expect(plan(atHome).filter((line) => line.includes("database shop"))).toEqual([
    "stores: database shop from NOTHING, 20 m (assumed)",
    "✗ database shop: nothing of it is in the second region",
  ]);
  expect(plan(atHome, true).find((line) => line.includes("database shop"))).toBe(
    "stores: database shop from the copied dump shop-260316-0305-nightly, into a new instance, 26 m 33 s (assumed), losing 2 h 24 m",
  );
}, 60_000);

it("its drill restores the copy in the second region, compares it, deploys the service, and says how long each step took", async () => {
  const { from, into, steps, total, differences } = await playRegionDrill({ bytes: 4e9, seed: 1 });
  expect([from, into, SECOND_REGION, differences]).toEqual(["eu-central-1", "eu-west-1", "eu-west-1", 0]);
  expect(steps.map(({ what, how, says }) => [what, how, says])).toEqual([
    ["restore", "measured", "nightshift-restore-shop-region out of the copy of shop-260316-0400-nightly-snapshot in eu-west-1"],
    ["compare", "measured", "every table, 0 differences; blocks come from S3 meanwhile"],
    ["deploy", "measured", "shop-api, in the lab's one ECS: a region of its own is not played"],
    ["switch", "assumed", "DNS, secrets and webhooks are not played"],
  ]);
  // The lab's RDS takes six to twelve minutes; the slowest part of the comparison is its blocks, at 80 MB a second.
  const [restore = 0, compare = 0, deploy = 0, switched = 0] = steps.map(({ took }) => took);
  expect([restore >= 360_000 && restore <= 730_000, compare >= 50_000 && compare <= 110_000, switched]).toEqual([true, true, 120_000]);
  expect(total).toBe(restore + compare + deploy + switched);
}, 60_000);
