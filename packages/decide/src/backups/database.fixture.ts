import { type DatabaseSettings, days, hours, percent } from "@nightshift/model";

/** A database as tests of backups know it: nightly at two, proven every night, without snapshots and drills. */
export const shopDatabase: DatabaseSettings = {
  name: "shop",
  instance: "shop-prod",
  url: "ShopDatabase",
  restoreUrl: "ShopRestore",
  mode: "auto",
  nightly: { hour: 2, minute: 0 },
  maxDuration: undefined,
  keep: { daily: days(7), weekly: days(30), monthly: days(90), safety: days(7), atLeast: 3 },
  rpo: hours(24),
  rto: hours(1),
  image: "postgres:17",
  proveEvery: 1,
  gates: { rowDrop: percent(20), fresh: [] },
  assertions: [],
  withoutExtensions: [],
  snapshots: undefined,
  drill: undefined,
};
