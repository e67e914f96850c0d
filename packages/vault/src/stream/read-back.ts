import { guard } from "@nightshift/model/guards";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { PortError } from "@nightshift/ports";
import type { StoreReading } from "../store/store.ts";
import { crc64nvme } from "./crc64nvme.ts";
import { meter } from "./progress.ts";
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

/**
 * The archive, out of its segments: fails at the first segment whose length or digest is not as recorded, so that the stream never ends well over a
 * damaged one. What came before the failure is of no use; whoever reads it must see the error, as `stream.pipeline` does.
 * The stream fails with a {@link PortError}: `invalid` for damage, the store's own otherwise.
 */
export function readSegments(asked: ReadAsked): Readable {
  return Readable.from(archiveOf(asked), { objectMode: false, highWaterMark: 1_024 ** 2, signal: asked.signal });
}

interface Tally {
  readonly number: number;
  archiveBytes: number;
  storedBytes: number;
}

async function* archiveOf(asked: ReadAsked): AsyncGenerator<Buffer> {
  const tallies: Tally[] = [];
  const progress = meter(tallies, asked.onProgress);
  for (const segment of asked.segments) {
    const tally: Tally = { number: segment.number, archiveBytes: 0, storedBytes: 0 };
    tallies.push(tally);
    for await (const chunk of decoded(asked, segment, tally)) {
      progress.report();
      yield chunk;
    }
  }
  progress.end();
}

async function* decoded(asked: ReadAsked, segment: StreamedSegment, tally: Tally): AsyncGenerator<Buffer> {
  const stored = await asked.store.stream(segment.key, { signal: asked.signal });
  const frame = createZstdDecompress({ chunkSize: 256 * 1_024 });
  const sha256 = createHash("sha256");
  let crc = "0000000000000000";
  const digest = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      tally.storedBytes += chunk.length;
      sha256.update(chunk);
      crc = crc64nvme(chunk, crc);
      if (guard("a segment is as it was written", tally.storedBytes > segment.bytes && !asked.ignoreDigests))
        throw damaged(segment, `it holds more than the ${segment.bytes} bytes that were written`);
      yield chunk;
    }
    if (!asked.ignoreDigests) compareDigests(segment, { bytes: tally.storedBytes, sha256: sha256.digest("hex"), crc64nvme: crc });
  };
  // The digests are compared before the frame may end, so the last of the archive is not handed out before that.
  let failure: { readonly error: unknown } | undefined;
  const fed = pipeline(stored, digest, frame, { signal: asked.signal }).catch((error: unknown) => {
    failure = { error };
  });
  try {
    for await (const chunk of frame) {
      // A zstd stream without an encoding gives buffers.
      const bytes = chunk as Buffer;
      tally.archiveBytes += bytes.length;
      yield bytes;
    }
  } catch (error) {
    await fed;
    throw told(segment, failure?.error ?? error, asked.signal);
  } finally {
    stored.destroy();
  }
  await fed;
  if (failure !== undefined) throw told(segment, failure.error, asked.signal);
  // Node's decoder ends well over a frame that was cut (seen with 24.21.0, 2026-11-21), so its length is looked at in every case.
  if (guard("a segment gives all of its archive", tally.archiveBytes !== segment.archiveBytes))
    throw damaged(segment, `it holds ${tally.archiveBytes} bytes of the archive, and ${segment.archiveBytes} were written`);
}

function compareDigests(segment: StreamedSegment, seen: { readonly bytes: number; readonly sha256: string; readonly crc64nvme: string }): void {
  if (guard("a segment is as it was written", seen.bytes !== segment.bytes))
    throw damaged(segment, `it holds ${seen.bytes} bytes, and ${segment.bytes} were written`);
  if (guard("a segment is as it was written", seen.sha256 !== segment.sha256)) throw damaged(segment, "its SHA-256 is not the one in manifest.json");
  if (guard("a segment is as it was written", seen.crc64nvme !== segment.crc64nvme)) throw damaged(segment, "its CRC64NVME is not the one in manifest.json");
}

const damaged = (segment: StreamedSegment, what: string, cause?: unknown): PortError =>
  new PortError("invalid", "read", segment.key, `segment ${segment.number} is damaged: ${what}; restore another backup`, cause);

/** What zlib says about a frame that is no frame, in our words. */
function told(segment: StreamedSegment, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof PortError) return error;
  return damaged(segment, `it cannot be decoded (${error instanceof Error ? error.message : String(error)})`, error);
}
