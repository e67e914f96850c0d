import type { BackupId, EpochMs, SliceSide } from "@nightshift/model";

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
  /** A proof after the first, where one was refused meanwhile; written once. */
  laterProof(at: EpochMs): string;
  /** A proof that failed; written once. */
  refusal(at: EpochMs): string;
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
    laterProof: (at) => `${folder}proof-${momentOf(at)}.json`,
    refusal: (at) => `${folder}refused-${momentOf(at)}.json`,
  };
}

/** Whether a key is that of a proof, or of a refusal; undefined: of neither. */
export const verdictAt = (key: string): "proof" | "refusal" | undefined =>
  /\/proof(?:-[0-9TZ]+)?\.json$/.test(key) ? "proof" : /\/refused-[^/]+\.json$/.test(key) ? "refusal" : undefined;

/** To the millisecond. */
const momentOf = (at: EpochMs): string => new Date(at).toISOString().replaceAll(/[-:.]/g, "");

/** Where the manifest of the live database beside a storage snapshot lies; written once. */
export const sliceKey = (of: string, id: BackupId, side: SliceSide): string => `${slicesOf(of)}${id}/${side}.json.zst`;
/** Where all of them lie. */
export const slicesOf = (of: string): string => `${of}/slices/`;

/** Where all runs of a database say how they go. */
export const runsUnder = (of: string): string => `${of}/runs/`;
/** Where a run says how it goes, and how it ended. */
export const runKeys = (of: string, run: string): { readonly progress: string; readonly outcome: string } => ({
  progress: `${runsUnder(of)}${run}/progress.json`,
  outcome: `${runsUnder(of)}${run}/outcome.json`,
});
/** A pointer of a folder that people look into. */
export const pointerKey = (of: string, folder: "daily" | "weekly" | "monthly" | "safety", name: string): string => `${of}/${folder}/${name}.json`;
/** What retention will delete and why, written before anything is deleted. */
export const pruneKey = (of: string, at: EpochMs): string => `${of}/prunes/${new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, "")}.json`;

/** What lies in place of a commit record once its backup was removed. */
export interface Tombstone {
  readonly record: "nightshift tombstone";
  readonly id: BackupId;
  readonly of: string;
  readonly removed: EpochMs;
  readonly because: string;
}
/** The tombstone in these bytes; undefined: it is something else. */
export function tombstoneOf(bytes: Uint8Array): Tombstone | undefined {
  if (bytes.length > 10_000) return undefined;
  try {
    const said: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    // The first field tells our own writing from everything else.
    return typeof said === "object" && said !== null && Reflect.get(said, "record") === "nightshift tombstone" ? (said as Tombstone) : undefined;
  } catch {
    return undefined; // No JSON, so no tombstone.
  }
}
