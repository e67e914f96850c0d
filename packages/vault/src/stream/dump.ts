import { type Ms, minutes, sayLength } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { StoreWriting } from "../store/store.ts";
import { readBatches } from "./batches.ts";
import { type DumpChild, DumpError, startDump } from "./child.ts";
import { makeBuffers } from "./parts.ts";
import { meter } from "./progress.ts";
import { type OpenSegment, openSegment } from "./segment.ts";
import { largestPart, largestSegment, type StreamedSegment, type StreamProgress, smallestPart } from "./segments.ts";

/** What is dumped, and where it goes. */
export interface DumpAsked {
  /** Path of the `pg_dump` of the server's major. */
  readonly program: string;
  /** `-Fc -Z0 --snapshot=…`; never a password: that is PGPASSWORD or PGPASSFILE in `env`. */
  readonly args: readonly string[];
  /** The child's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly store: StoreWriting;
  /** Where a segment goes; numbers from 1. */
  readonly keyOf: (segment: number) => string;
  /** Archive bytes of a segment; absent: 64 GiB. */
  readonly segmentBytes?: number;
  /** 5 to 16 MiB; absent: 8 MiB. */
  readonly partBytes?: number;
  /** A child that writes nothing for so long is given up; absent: 15 minutes. */
  readonly silentAtMost?: Ms;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: StreamProgress) => void;
  /** Tests only: what happens to the archive between `pg_dump` and the compressor. */
  readonly damage?: (chunk: Buffer, at: number) => Buffer;
}

// Four buffers of 8 MiB: one is filled while three are on their way.
const usualPart = 8 * 1_024 ** 2;
const partsInMemory = 4;
// What goes into the compressor at once, and how many of those there are: one is filled while others are compressed.
const batchBytes = 256 * 1_024;
const batchesInMemory = 4;

/**
 * Streams a dump into the store at constant memory. No segment exists before the child ended with 0: a dump that dies, a signal or a store that
 * fails for good leaves no object and no open upload.
 * @throws {DumpError} what the child said; {@link PortError} of the store, `conflict` when another object lies at a segment's key; the signal's reason.
 */
export async function streamDump(asked: DumpAsked): Promise<readonly StreamedSegment[]> {
  refuseSizes(asked);
  asked.signal.throwIfAborted();
  const child = await startDump(asked);
  const segments: OpenSegment[] = [];
  const stopped = stopOn(asked.signal, child);
  try {
    await fill(asked, child, segments);
    // The code is known before anything is completed: a pipe that ended well proves nothing about who wrote into it.
    await child.ended;
    asked.signal.throwIfAborted();
    if (segments.length === 0) throw new DumpError(`${asked.program} ended well and wrote nothing; a dump of an empty database has a head, so this is none`, 0);
    return await completeAll(segments);
  } catch (error) {
    const cause = asked.signal.aborted ? asked.signal.reason : (child.failure ?? error);
    await child.stop();
    await Promise.allSettled(segments.map((segment) => segment.abort()));
    throw cause;
  } finally {
    stopped();
  }
}

/** The archive into segments; no segment holds more than it may. */
async function fill(asked: DumpAsked, child: DumpChild, segments: OpenSegment[]): Promise<void> {
  const { segmentBytes = largestSegment, partBytes = usualPart, damage, store, signal } = asked;
  const buffers = makeBuffers(partBytes, partsInMemory);
  const progress = meter(segments, asked.onProgress);
  const silence = endWhenSilent(child, asked);
  try {
    for await (const batch of readBatches(child.archive, { batchBytes, atMost: batchesInMemory, segmentBytes, heard: silence.heard, damage })) {
      let segment = segments.at(-1);
      if (segment === undefined || segment.archiveBytes === segmentBytes) {
        await segment?.end();
        const number = segments.length + 1;
        segment = await openSegment({ number, key: asked.keyOf(number), store, buffers, signal });
        segments.push(segment);
      }
      await segment.write(batch.bytes, batch.release);
      progress.report();
    }
    await segments.at(-1)?.end();
    progress.end();
  } finally {
    silence.over();
  }
}

async function completeAll(segments: readonly OpenSegment[]): Promise<readonly StreamedSegment[]> {
  const stored: StreamedSegment[] = [];
  for (const open of segments) {
    const { how, segment } = await open.complete();
    if (how === "taken") {
      const sentence = "another object lies there already, from a run of the same backup; look for its manifest.json, or try again beside it";
      throw new PortError("conflict", "complete", segment.key, sentence);
    }
    stored.push(segment);
  }
  return stored;
}

/** A server that died without a word leaves a child that waits for ever. What is read late because the store is slow counts as heard. */
function endWhenSilent({ archive }: DumpChild, { program, silentAtMost = minutes(15) }: DumpAsked): { readonly heard: () => void; readonly over: () => void } {
  const sentence = `${program} wrote nothing for ${sayLength(silentAtMost)} and was ended; look whether its server still answers`;
  const silence = setTimeout(() => {
    if (archive.isPaused()) silence.refresh();
    else archive.destroy(new DumpError(sentence, null));
  }, silentAtMost);
  return { heard: () => void silence.refresh(), over: () => clearTimeout(silence) };
}

/** A signal ends the child; its pipe then ends, and with it everything that reads it. */
function stopOn(signal: AbortSignal, child: DumpChild): () => void {
  const stop = (): void => void child.stop();
  signal.addEventListener("abort", stop, { once: true });
  return () => signal.removeEventListener("abort", stop);
}

function refuseSizes({ segmentBytes = largestSegment, partBytes = usualPart }: DumpAsked): void {
  if (partBytes < smallestPart || partBytes > largestPart) throw new RangeError(`a part is 5 to 16 MiB, not ${partBytes} bytes`);
  if (segmentBytes < 1 || segmentBytes > largestSegment) throw new RangeError(`a segment holds 1 byte to 64 GiB of the archive, not ${segmentBytes} bytes`);
  // S3 takes 10,000 parts; what cannot be compressed grows by less than a hundredth.
  if ((segmentBytes * 1.01) / partBytes > 10_000)
    throw new RangeError("a segment of that size has more than 10,000 parts: take larger parts or smaller segments");
}
