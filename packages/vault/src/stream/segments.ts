import type { SegmentRecord } from "@nightshift/model";

/** A segment as it was stored; goes into `manifest.json` as it is. */
export type StreamedSegment = SegmentRecord;

/** How far a stream is. */
export interface StreamProgress {
  /** Bytes of the archive so far, before compression. */
  readonly archiveBytes: number;
  /** Bytes as stored so far. */
  readonly storedBytes: number;
  readonly segment: number;
  /** Archive bytes a second since the last report, or since the beginning. */
  readonly bytesPerSecond: number;
}

/** Most archive bytes of a segment (decision 49). */
export const largestSegment = 64 * 1_024 ** 3;
/** Most bytes of a part (decision 49). */
export const largestPart = 16 * 1_024 ** 2;
/** Least bytes of a part that is not the last. Source: "Amazon S3 multipart upload limits", https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html, 2026-11-21. */
export const smallestPart = 5 * 1_024 ** 2;
