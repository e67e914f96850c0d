import type { CommitRecord, ProofRecord } from "@nightshift/model";
import { expect, test } from "vitest";
import { estimateRestore, sayEstimate } from "./estimate.ts";

// Only sizes are read of the one, and only times of the other.
const commit = (archiveBytes: number): CommitRecord =>
  ({ sourceBytes: archiveBytes, segments: [{ archiveBytes, bytes: archiveBytes / 4 }] }) as unknown as CommitRecord;
const proof = (times: ProofRecord["times"]): ProofRecord => ({ times }) as unknown as ProofRecord;

test("a proven backup is estimated from what its own proof took", () => {
  const times = { download: 60_000, restore: 540_000, compare: 125_000 } as ProofRecord["times"];
  expect(sayEstimate(estimateRestore(commit(41e9), proof(times)))).toBe(
    "about 12 m 5 s: download 1 m, restore 9 m, compare 2 m 5 s (measured when it was proven)",
  );
});

test("one that was never proven is estimated from known rates, and says so", () => {
  // 10.05 GB of 40.2 GB stored at 134 MB/s; 40.2 GB restored at 60 MB/s and compared at 190 MB/s.
  expect(sayEstimate(estimateRestore(commit(40.2e9), undefined))).toBe(
    "about 15 m 57 s: download 1 m 15 s, restore 11 m 10 s, compare 3 m 32 s (never measured: from the rates of two cores)",
  );
});

test("nothing takes less than five seconds", () => {
  expect(estimateRestore(commit(1_000), undefined).total).toBe(5_000);
});
