import type { BackupId } from "@nightshift/model";

/** Where everything of one backup lies (`docs/decisions/0007-backups.md`). */
export interface BackupKeys {
  readonly folder: string;
  /** Numbers from 1. A second attempt of the same backup writes beside what the first one left, never over it. */
  segment(number: number, attempt?: number): string;
  readonly contents: string;
  readonly schema: string;
  readonly roles: string;
  readonly manifest: string;
  readonly proof: string;
}

/** The keys of a database's backup. */
export function keysOf(of: string, id: BackupId): BackupKeys {
  const folder = `${of}/data/${id}/`;
  return {
    folder,
    segment: (number, attempt = 1) => `${folder}segment-${String(number).padStart(5, "0")}${attempt === 1 ? "" : `-attempt-${attempt}`}.zst`,
    contents: `${folder}contents.json.zst`,
    schema: `${folder}schema.sql.zst`,
    roles: `${folder}roles.sql.zst`,
    manifest: `${folder}manifest.json`,
    proof: `${folder}proof.json`,
  };
}

/** Where a run says how it goes, and how it ended. */
export const runKeys = (of: string, run: string): { readonly progress: string; readonly outcome: string } => ({
  progress: `${of}/runs/${run}/progress.json`,
  outcome: `${of}/runs/${run}/outcome.json`,
});
/** A pointer of a folder that people look into. */
export const pointerKey = (of: string, folder: "daily" | "weekly" | "monthly" | "safety", name: string): string => `${of}/${folder}/${name}.json`;
