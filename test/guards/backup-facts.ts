import { type BackupRecord, backupId, days, epochMs } from "@nightshift/model";

/** The minute that everything here is about: a Saturday night at two. */
export const NIGHT = epochMs(Date.UTC(2026, 10, 21, 2, 0));

/** A proven dump of so many nights ago, and what is else with it. */
export const nightAgo = (ago: number, over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(`shop-night-${ago}`),
  of: "shop",
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(NIGHT - days(ago)),
  contentsOf: epochMs(NIGHT - days(ago)),
  times: {},
  version: 1,
  ...over,
});

/** A snapshot of so many nights ago that RDS keeps. */
export const snapshotAgo = (ago: number, over: Partial<BackupRecord> = {}): BackupRecord =>
  nightAgo(ago, { id: backupId(`snap-${ago}`), kind: "rds-snapshot", state: "uploaded", proof: "exists", where: `arn:snap-${ago}`, ...over });
