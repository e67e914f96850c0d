import { shopDatabase } from "@nightshift/decide/backups/database.fixture";
import { backupId, type Budgets, type DatabaseSettings, epochMs, hours, minutes } from "@nightshift/model";
import type { RunEnd } from "@nightshift/ports";
import { play } from "@nightshift/runtime";
import { type BackupAccount, backupAccount } from "@nightshift/runtime/testing/backup-account";
import { instanceOf } from "@nightshift/runtime/testing/backup-cloud";
import { drill } from "./automation.ts";

/** When the drill is due. */
export const at = epochMs(1_793_679_300_000); // 2026-11-03 04:15 UTC
/** A database with a monthly drill of its snapshots. */
export const database: DatabaseSettings = {
  ...shopDatabase,
  drill: {
    day: 3,
    at: { hour: 4, minute: 15 },
    from: "snapshot",
    instanceClass: "db.t4g.medium",
    subnetGroup: "isolated",
    securityGroups: ["sg-drill"],
    atMost: hours(6),
    costAtMost: 5,
  },
};
const budgets: Budgets = {
  rollbacksPerDeployment: 1,
  rollbacksPerService: [{ count: 1, within: minutes(30) }],
  attemptsPerIntent: 3,
  mutationsPerAccount: { count: 10, within: minutes(10) },
  stampede: { services: 3, within: minutes(5) },
};
/** How a comparison without a difference ends. */
export const equal: RunEnd = {
  state: "verified",
  differences: [],
  findings: [],
  times: { restore: minutes(3), compare: minutes(2) },
  tables: 214,
  rows: 88_100_000,
};

/** An account with the source, one snapshot of it two hours old, and a proven dump of the night before. */
export function stage(end: RunEnd | undefined = equal): BackupAccount {
  const account = backupAccount(at);
  account.cloud.instances.set("shop-prod", instanceOf("shop-prod"));
  account.cloud.snapshots.set("eu-west-1/nightshift-shop-1", {
    id: "nightshift-shop-1",
    arn: "arn:aws:rds:eu-west-1:123456789012:snapshot:nightshift-shop-1",
    instance: "shop-prod",
    region: "eu-west-1",
    manual: true,
    status: "available",
    progress: 100,
    contentsOf: epochMs(at - hours(2)),
    created: epochMs(at - hours(2)),
    allocatedGiB: 100,
    encrypted: true,
    tags: {},
    availableAt: at,
  });
  const dump = backupId("shop-261102-0200-nightly");
  account.rows.set(dump, {
    id: dump,
    of: "shop",
    kind: "dump",
    series: "nightly",
    state: "verified",
    proof: "restored-and-compared",
    scheduled: epochMs(at - hours(26)),
    contentsOf: epochMs(at - hours(26)),
    times: {},
    version: 1,
  });
  if (end !== undefined) account.ends["compare-instance"] = end;
  return account;
}
const config = database.drill === undefined ? undefined : { database, instance: "shop-prod", drill: database.drill, budgets };
/** Plays the drill. */
export const playOn = (account: BackupAccount, world = account.world, series: "nightly" | "manual" = "nightly") => {
  if (config === undefined) throw new Error("the fixture has a drill");
  return play(drill, { event: { of: "shop", scheduled: at, series }, settings: config, world, checkpoints: account.checkpoints });
};
/** Every line that rang. */
export const told = ({ world }: BackupAccount): readonly string[] =>
  [...world.said.values()].flatMap((entries) => [...entries.values()].filter((one) => one.announce).map((one) => one.text));
