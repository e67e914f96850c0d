import { constants, createZstdCompress } from "node:zlib";
import type { Stored, StoreWriting, Upload } from "../store/store.ts";
import { type Buffers, type SentParts, sendParts } from "./parts.ts";
import type { StreamedSegment } from "./segments.ts";

/** A segment being written: one zstd frame with its own checksum, in parts of one upload. */
export interface OpenSegment {
  readonly number: number;
  /** Archive bytes so far. */
  readonly archiveBytes: number;
  /** Stored bytes so far. */
  readonly storedBytes: number;
  /** Compresses bytes; `done` is called when they may be changed. Resolves when there is room for more. */
  write(bytes: Uint8Array, done: () => void): Promise<void>;
  /** Ends the frame and sends the last part; the object does not exist yet. */
  end(): Promise<void>;
  /** Makes the object exist. */
  complete(): Promise<{ readonly how: Stored; readonly segment: StreamedSegment }>;
  abort(): Promise<void>;
}

/** Where a segment goes, and out of which buffers. */
export interface SegmentAsked {
  readonly number: number;
  readonly key: string;
  readonly store: StoreWriting;
  readonly buffers: Buffers;
  readonly signal: AbortSignal;
}

/**
 * Level 1 with the frame's own checksum, which pg_dump's own zstd leaves out: 65 of 100 flipped bits went through it unseen (facts/backups.md, 0.3).
 * Node's zstd costs no more of a processor than `zstd -1` and needs no program (measured 2026-11-21, `bench/backup`). 256 KiB at a time cost least.
 */
const compressed = {
  chunkSize: 256 * 1_024,
  highWaterMark: 1_024 ** 2, // so that it never waits for the next batch
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

/** Begins a segment. */
export async function openSegment({ number, key, store, buffers, signal }: SegmentAsked): Promise<OpenSegment> {
  const upload = await store.upload(key, { signal });
  const frame = createZstdCompress(compressed);
  const parts = sendParts(upload, buffers);
  let [archiveBytes, storedBytes] = [0, 0];
  let sent: SentParts | undefined;
  const collect = async (): Promise<SentParts> => {
    for await (const chunk of frame) {
      // A zstd stream without an encoding gives buffers.
      const bytes = chunk as Buffer;
      storedBytes += bytes.length;
      await parts.add(bytes);
    }
    return parts.end();
  };
  const collected = collect();
  // A store that refuses a part ends the frame, so that nobody goes on writing into it; `write` and `end` then throw the store's own error.
  frame.on("error", () => undefined);
  collected.catch(() => frame.destroy());
  return {
    number,
    get archiveBytes() {
      return archiveBytes;
    },
    get storedBytes() {
      return storedBytes;
    },
    write(bytes, done) {
      archiveBytes += bytes.length;
      return new Promise<void>((resolve, reject) => {
        const more = frame.write(bytes, (error) => {
          done();
          if (error) collected.then(() => reject(error), reject);
          else resolve();
        });
        if (more) resolve();
      });
    },
    async end() {
      if (!frame.destroyed) frame.end();
      sent = await collected;
    },
    async complete() {
      if (sent === undefined) throw new Error(`segment ${number} is completed before it ended`);
      const how = await upload.complete(sent);
      return { how, segment: { number, key, archiveBytes, ...sent } };
    },
    abort: () => abandon(frame, upload, collected),
  };
}

async function abandon(frame: { destroy(): void }, upload: Upload, collected: Promise<unknown>): Promise<void> {
  frame.destroy();
  await collected.catch(() => undefined); // Why it is given up is known to whoever gives it up.
  await upload.abort();
}
