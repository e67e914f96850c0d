import { type CommitRecord, type Ms, ms, type ProofRecord, sayLength, seconds } from "@nightshift/model";

/** How long a restore of a backup would take, part by part. */
export interface RestoreEstimate {
  readonly total: Ms;
  readonly parts: readonly { readonly what: "download" | "restore" | "compare"; readonly length: Ms }[];
  /** Measured when this very backup was proven; else from our own rates on two cores. */
  readonly measured: boolean;
}

/** Bytes a second on two cores, fsync off: 60 MB/s restored, 190 MB/s compared, 134 MB/s downloaded (facts/backups.md 3.2, 3.3 and 2, measured 2026). */
const RATES = { download: 134e6, restore: 60e6, compare: 190e6 };

/** Estimates from what was measured when the backup was proven, else from our rates; a few seconds at least, because programs have to start. */
export function estimateRestore(commit: CommitRecord, proof: ProofRecord | undefined): RestoreEstimate {
  const archive = commit.segments.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0);
  const stored = commit.segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const at = (bytes: number, rate: number): Ms => ms(Math.round((1_000 * bytes) / rate));
  const { download, restore, compare } = proof?.times ?? {};
  const parts = [
    { what: "download" as const, length: download ?? at(stored, RATES.download) },
    { what: "restore" as const, length: restore ?? at(archive, RATES.restore) },
    { what: "compare" as const, length: compare ?? at(commit.sourceBytes, RATES.compare) },
  ];
  const sum = parts.reduce((all, { length }) => all + length, 0);
  return { total: ms(Math.max(seconds(5), sum)), parts, measured: restore !== undefined };
}

/** `about 12 m 5 s: download 1 m, restore 9 m, compare 2 m 5 s (measured when it was proven)`. */
export const sayEstimate = ({ total, parts, measured }: RestoreEstimate): string =>
  `about ${sayLength(total)}: ${parts.map(({ what, length }) => `${what} ${sayLength(length)}`).join(", ")} (${measured ? "measured when it was proven" : "never measured: from the rates of two cores"})`;
