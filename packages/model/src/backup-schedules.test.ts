import { expect, test } from "vitest";
import { backupSchedules, mirroredIn, mirrorName, readBackupSchedule } from "./backup-schedules.ts";
import type { BackupSettings, DatabaseSettings } from "./backup-settings.ts";
import { days, hours, minutes } from "./time.ts";
import { percent } from "./units.ts";

const database: DatabaseSettings = {
  name: "shop",
  instance: "shop-prod",
  url: "ShopDatabase",
  mode: "auto",
  nightly: { hour: 2, minute: 0 },
  maxDuration: undefined,
  keep: { daily: days(7), weekly: days(30), monthly: days(90), safety: days(7), atLeast: 3 },
  rpo: hours(24),
  rto: minutes(60),
  image: "postgres:17",
  proveEvery: 1,
  gates: { rowDrop: percent(20), fresh: [] },
  assertions: [],
  withoutExtensions: [],
  snapshots: { keep: days(30), copyTo: undefined },
  drill: {
    day: 3,
    at: { hour: 4, minute: 15 },
    from: "snapshot",
    instanceClass: "db.t4g.medium",
    subnetGroup: "isolated",
    securityGroups: ["sg-1"],
    atMost: hours(6),
    costAtMost: 5,
  },
};
const settings: BackupSettings = {
  databases: [database, { ...database, name: "crm", instance: undefined, snapshots: undefined, drill: undefined, nightly: { hour: 1, minute: 30 } }],
  tables: [{ name: "carts", table: "carts-prod", nightly: { hour: 2, minute: 5 }, keep: days(30), rpo: minutes(5), copyIn: undefined }],
  caches: [],
  media: [{ name: "pictures", bucket: "pictures-prod", replica: undefined, within: minutes(15) }],
  configuration: { parameterPaths: ["/shop"], repositories: [] },
  secondRegion: undefined,
};

test("every backup has its schedule, in UTC", () => {
  expect(backupSchedules(settings).map(({ name, expression }) => `${name} ${expression}`)).toEqual([
    "night.shop cron(0 2 * * ? *)",
    "snapshot.shop cron(0 2 * * ? *)",
    "drill.shop cron(15 4 3 * ? *)",
    "night.crm cron(30 1 * * ? *)",
    "snapshot.carts cron(5 2 * * ? *)",
    "snapshot.pictures cron(30 3 * * ? *)",
    "snapshot.configuration cron(30 3 * * ? *)",
  ]);
});

test("a mirror is asked for each night, under a name that no other backup has", () => {
  const mirrored = { ...settings, configuration: { parameterPaths: [], repositories: ["shop/api", "shop/web"] } };
  expect(backupSchedules(mirrored).slice(-2)).toEqual([
    { job: "snapshot", of: "mirror.shop.api", name: "snapshot.mirror.shop.api", expression: "cron(30 3 * * ? *)", mirrors: "shop/api" },
    { job: "snapshot", of: "mirror.shop.web", name: "snapshot.mirror.shop.web", expression: "cron(30 3 * * ? *)", mirrors: "shop/web" },
  ]);
  expect(mirroredIn(mirrored).map(mirrorName)).toEqual(["mirror.shop.api", "mirror.shop.web"]);
  expect(mirroredIn({ configuration: undefined })).toEqual([]);
});

test("a schedule is known by the end of its name, whatever the deployment puts before it", () => {
  expect(readBackupSchedule("nightshift-production-night.shop")).toEqual({ job: "night", of: "shop" });
  expect(readBackupSchedule("night.shop-eu")).toEqual({ job: "night", of: "shop-eu" });
  expect(readBackupSchedule("nightshift-production-drill.drill.shop")).toEqual({ job: "drill", of: "drill.shop" });
});

test.each(["nightshift-production-heartbeat", "nightshift-night", "midnight.shop", "night.", "sweep"])("%s is no backup's schedule", (name) => {
  expect(readBackupSchedule(name)).toBeUndefined();
});
