import { createHash } from "node:crypto";
import type { Upload } from "../store/store.ts";
import { crc64nvme, joinCrc64nvme } from "./crc64nvme.ts";

/** Cuts a stream into parts, digests them and sends them, a few at a time, out of buffers that are used again and again. */
export interface Parts {
  /** Takes bytes; waits while all buffers are on their way. */
  add(bytes: Uint8Array): Promise<void>;
  /** Sends the rest and waits for all. */
  end(): Promise<SentParts>;
}
/** What was sent, all told. */
export interface SentParts {
  readonly bytes: number;
  readonly sha256: string;
  readonly crc64nvme: string;
  readonly parts: number;
}

/** Buffers of one size, at most so many: what bounds the memory of a dump. */
export interface Buffers {
  take(): Promise<Buffer>;
  give(buffer: Buffer): void;
  readonly bytes: number;
}

/** A pool that makes a buffer only when none is free. */
export function makeBuffers(bytes: number, atMost: number): Buffers {
  const free: Buffer[] = [];
  const waiting: ((buffer: Buffer) => void)[] = [];
  let made = 0;
  return {
    bytes,
    take() {
      const buffer = free.pop();
      if (buffer !== undefined) return Promise.resolve(buffer);
      if (made === atMost) return new Promise((resolve) => waiting.push(resolve));
      made += 1;
      return Promise.resolve(Buffer.allocUnsafeSlow(bytes));
    },
    give(buffer) {
      const next = waiting.shift();
      if (next === undefined) free.push(buffer);
      else next(buffer);
    },
  };
}

/** Sends what is added as parts of one upload. The first part that fails for good fails every later call. */
export function sendParts(upload: Upload, buffers: Buffers): Parts {
  const sha256 = createHash("sha256");
  const onTheirWay = new Set<Promise<void>>();
  let [number, bytes, crc] = [0, 0, "0000000000000000"];
  let current: { readonly buffer: Buffer; filled: number } | undefined;
  let failure: { readonly error: unknown } | undefined;

  const send = ({ buffer, filled }: { readonly buffer: Buffer; readonly filled: number }): void => {
    const body = buffer.subarray(0, filled);
    number += 1;
    bytes += filled;
    sha256.update(body);
    const ofPart = crc64nvme(body);
    crc = joinCrc64nvme(crc, ofPart, filled);
    const sending = upload
      .part(number, body, ofPart)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        onTheirWay.delete(sending);
        buffers.give(buffer);
      });
    onTheirWay.add(sending);
  };

  return {
    async add(chunk) {
      for (let at = 0; at < chunk.length; ) {
        if (failure !== undefined) throw failure.error;
        current ??= { buffer: await buffers.take(), filled: 0 };
        const piece = chunk.subarray(at, at + buffers.bytes - current.filled);
        current.buffer.set(piece, current.filled);
        current.filled += piece.length;
        at += piece.length;
        if (current.filled < buffers.bytes) continue;
        send(current);
        current = undefined;
      }
    },
    async end() {
      if (current !== undefined && failure === undefined) send(current);
      else if (current !== undefined) buffers.give(current.buffer);
      current = undefined;
      while (onTheirWay.size > 0) await Promise.all(onTheirWay);
      if (failure !== undefined) throw failure.error;
      return { bytes, sha256: sha256.digest("hex"), crc64nvme: crc, parts: number };
    },
  };
}
