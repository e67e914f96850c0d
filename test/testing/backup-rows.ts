import { backupId, type BackupRecord, epochMs, minutes } from "@nightshift/model";

/** A verified dump of the night of 2026-11-21, as the ledger keeps it, at the given version. */
export const backupRow = (of: string, version: number, over: Partial<BackupRecord> = {}): BackupRecord => ({
  id: backupId(`${of}-261121-0200-nightly`),
  of,
  kind: "dump",
  series: "nightly",
  state: "verified",
  proof: "restored-and-compared",
  scheduled: epochMs(1_795_226_400_000),
  contentsOf: epochMs(1_795_226_412_500),
  finished: epochMs(1_795_226_900_000),
  verifiedAt: epochMs(1_795_226_900_000),
  bytes: 41_000_000_000,
  sourceBytes: 97_000_000_000,
  tables: 214,
  rows: 88_100_000,
  differences: 0,
  times: { dump: minutes(2), restore: minutes(6), compare: minutes(1) },
  where: `${of}/data/${of}-261121-0200-nightly/manifest.json`,
  version,
  ...over,
});
