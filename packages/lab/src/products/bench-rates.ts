import type { BackupRates } from "@nightshift/decide/backups/recovery-targets";
import type { RunnerRates } from "../runner/databases.ts";

/** Rates of the runner that were measured, and where. */
export type MeasuredRates = BackupRates & RunnerRates;

/** Bytes of the archive a second; `packed`: stored bytes for one of the archive's. Written by `npm run bench:backup -- --write`, nobody else. */
export const benchRates: MeasuredRates = {
  dump: 83e6,
  download: 232e6,
  restore: 71e6,
  compare: 160e6,
  packed: 0.21,
  source: "bench:backup of 2026-11-22: 2 cores, PostgreSQL 15, fsync off",
};
