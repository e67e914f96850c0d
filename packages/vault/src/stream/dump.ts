import type { StoreWriting } from "../store/store.ts";
import type { StreamedSegment, StreamProgress } from "./segments.ts";

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
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: StreamProgress) => void;
  /** Tests only: what happens to the archive between `pg_dump` and the compressor. */
  readonly damage?: (chunk: Buffer, at: number) => Buffer;
}

/**
 * Streams a dump into the store at constant memory. No segment exists before the child ended with 0: a dump that dies, a signal or a store that
 * fails for good leaves no object and no open upload.
 * @throws {DumpError} what the child said; {@link PortError} of the store; the signal's reason.
 */
export async function streamDump(asked: DumpAsked): Promise<readonly StreamedSegment[]> {
  throw new Error(`not yet: ${asked.program}`);
}
