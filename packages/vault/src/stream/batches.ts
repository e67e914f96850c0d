import type { Pipe } from "./pipe.ts";

/** Bytes of the archive that are compressed at once. */
export interface Batch {
  readonly bytes: Buffer;
  /** Gives the buffer back; the bytes are somebody else's from then on. */
  release(): void;
}
/** How a stream is cut. */
export interface BatchSizes {
  readonly batchBytes: number;
  /** So many buffers in all: what is read ahead of the compressor. */
  readonly atMost: number;
  /** No batch crosses a multiple of this. */
  readonly segmentBytes: number;
  /** Called for every piece that is read. */
  readonly heard: () => void;
  readonly damage?: ((chunk: Buffer, at: number) => Buffer) | undefined;
}

/**
 * A pipe in few large pieces. pg_dump writes 4 KiB at a time: awaiting each read cost as much of a processor as the compression (measured 2026-11-21),
 * so reads are copied as they come and only full batches are waited for.
 */
export async function* readBatches(source: Pipe, sizes: BatchSizes): AsyncGenerator<Batch> {
  const cutter = new Cutter(source, sizes);
  try {
    for (;;) {
      const batch = await cutter.next();
      if (batch === undefined) return;
      yield batch;
    }
  } finally {
    source.destroy();
  }
}

class Cutter {
  readonly #source: Pipe;
  readonly #sizes: BatchSizes;
  readonly #free: Buffer[] = [];
  readonly #full: Batch[] = [];
  #made = 0;
  #read = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #current: { readonly buffer: Buffer; filled: number } | undefined;
  /** What was read and found no buffer; the source is paused as long as there is any. */
  #rest: Buffer | undefined;
  #wake = (): void => undefined;

  constructor(source: Pipe, sizes: BatchSizes) {
    this.#source = source;
    this.#sizes = sizes;
    source.on("end", () => {
      this.#ended = true;
      if (this.#rest === undefined) this.#finish();
      this.#wake();
    });
    source.on("error", (error) => this.#fail(error));
    source.on("close", () => {
      if (!this.#ended) this.#fail(new Error("the pipe was closed before its end"));
    });
    source.hear((bytes) => {
      sizes.heard();
      this.#take(sizes.damage === undefined ? bytes : sizes.damage(bytes, this.#read));
    });
  }

  async next(): Promise<Batch | undefined> {
    for (;;) {
      const batch = this.#full.shift();
      if (batch !== undefined) return batch;
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#ended && this.#rest === undefined) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Copies what fits, and keeps the rest. */
  #take(bytes: Buffer): void {
    const { batchBytes, segmentBytes } = this.#sizes;
    for (let at = 0; at < bytes.length; ) {
      this.#current ??= this.#begin();
      if (this.#current === undefined) {
        this.#rest = Buffer.from(bytes.subarray(at));
        this.#source.pause();
        return;
      }
      const left = segmentBytes - (this.#read % segmentBytes);
      const piece = bytes.subarray(at, at + Math.min(batchBytes - this.#current.filled, left));
      this.#current.buffer.set(piece, this.#current.filled);
      this.#current.filled += piece.length;
      this.#read += piece.length;
      at += piece.length;
      if (this.#current.filled === batchBytes || piece.length === left) this.#finish();
    }
  }

  #begin(): { readonly buffer: Buffer; filled: number } | undefined {
    const used = this.#free.pop();
    if (used !== undefined) return { buffer: used, filled: 0 };
    if (this.#made === this.#sizes.atMost) return undefined;
    this.#made += 1;
    return { buffer: Buffer.allocUnsafeSlow(this.#sizes.batchBytes), filled: 0 };
  }

  #finish(): void {
    if (this.#current === undefined) return;
    const { buffer, filled } = this.#current;
    this.#current = undefined;
    this.#full.push({ bytes: buffer.subarray(0, filled), release: () => this.#release(buffer) });
    this.#wake();
  }

  #release(buffer: Buffer): void {
    this.#free.push(buffer);
    const rest = this.#rest;
    if (rest === undefined) return;
    this.#rest = undefined;
    this.#take(rest);
    if (this.#rest !== undefined) return;
    this.#source.resume();
    if (this.#ended) this.#finish();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }
}
