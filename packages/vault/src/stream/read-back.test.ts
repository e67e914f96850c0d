import { constants, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";
import { fakeDump, rowsOf, temporaryFolder } from "../testing/archives.ts";
import { streamDump } from "./dump.ts";
import { readSegments } from "./read-back.ts";
import type { StreamedSegment } from "./segments.ts";

const never = new AbortController().signal;
const archive = rowsOf(700_000);
let store: Store;
let segments: readonly StreamedSegment[];
let stored: readonly Buffer[];
beforeAll(async () => {
  store = openStore(await temporaryFolder());
  segments = await streamDump({ ...(await fakeDump({ bytes: archive })), store, keyOf: (n) => `segment-${n}`, segmentBytes: 400_000, signal: never });
  stored = await Promise.all(segments.map(async ({ key }) => Buffer.from(await store.read(key))));
});
afterAll(async () => {
  for (const object of await store.list("")) await store.delete(object);
});

/** The archive with the second segment's bytes as they are given. */
async function readWith(second: Uint8Array, more: { ignoreDigests?: boolean; signal?: AbortSignal } = {}): Promise<Buffer> {
  await store.put("damaged", second);
  const damaged = segments.map((segment) => (segment.number === 2 ? { ...segment, key: "damaged" } : segment));
  const chunks: Buffer[] = [];
  for await (const chunk of readSegments({ store, segments: damaged, signal: never, ...more })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
const flipped = (bytes: Buffer, at: number, bit = 1): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ bit;
  return copy;
};
const second = (): Buffer => stored[1] ?? Buffer.alloc(0);

describe("an archive that is read back", () => {
  it("is what was dumped", async () => {
    expect((await readWith(second())).equals(archive)).toBe(true);
  });

  it.each([0, 0.1, 0.5, 0.9, 1])("fails when a bit was flipped at %d of a segment, and names the segment", async (share) => {
    const at = Math.floor(share * (second().length - 1));
    await expect(readWith(flipped(second(), at))).rejects.toThrow(/segment 2 is damaged: .*; restore another backup/);
  });

  it("fails when a segment is cut, emptied, longer, or another one", async () => {
    for (const damaged of [second().subarray(0, -1), Buffer.alloc(0), Buffer.concat([second(), Buffer.from("x")]), stored[0] ?? Buffer.alloc(0)]) {
      await expect(readWith(damaged)).rejects.toMatchObject({ kind: "invalid" });
    }
  });

  it("fails when a record's digest, length or archive length is another", async () => {
    const changes = [{ sha256: "0".repeat(64) }, { crc64nvme: "0".repeat(16) }, { bytes: second().length + 1 }, { archiveBytes: 299_999 }];
    for (const change of changes) {
      const changed = segments.map((segment) => (segment.number === 2 ? { ...segment, ...change } : segment));
      const read = async () => {
        for await (const _ of readSegments({ store, segments: changed, signal: never }));
      };
      await expect(read()).rejects.toMatchObject({ kind: "invalid" });
    }
  });

  it("fails when a segment is not there", async () => {
    const missing = segments.map((segment) => ({ ...segment, key: "nowhere" }));
    const read = async () => {
      for await (const _ of readSegments({ store, segments: missing, signal: never }));
    };
    await expect(read()).rejects.toMatchObject({ kind: "not-found" });
  });

  it("ends at once when it is told to", async () => {
    const stop = new AbortController();
    const reading = readSegments({ store, segments, signal: stop.signal });
    const read = async () => {
      for await (const _ of reading) stop.abort(new Error("enough"));
    };
    await expect(read()).rejects.toThrow();
  });
});

describe("with digests ignored", () => {
  it("the frame's own checksum refuses what a flipped bit makes of the archive", async () => {
    let silent = 0;
    for (let n = 0; n < 60; n += 1) {
      const at = Math.floor(((n + 0.5) / 60) * second().length);
      const back = await readWith(flipped(second(), at, 1 << (n % 8)), { ignoreDigests: true }).catch(() => undefined);
      // What is decoded all the same must be what was dumped: a bit that means nothing.
      if (back !== undefined && !back.equals(archive)) silent += 1;
    }
    expect(silent).toBe(0);
  });

  it("a cut frame is no end, though the decoder says nothing", async () => {
    await expect(readWith(second().subarray(0, 100_000), { ignoreDigests: true })).rejects.toMatchObject({ kind: "invalid" });
    await expect(readWith(second().subarray(0, -20), { ignoreDigests: true })).rejects.toMatchObject({ kind: "invalid" });
    await expect(readWith(Buffer.alloc(0), { ignoreDigests: true })).rejects.toMatchObject({ kind: "invalid" });
  });

  it("only comparing sees a frame that is whole and holds something else", async () => {
    const other = zstdCompressSync(rowsOf(300_000, 9), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    expect((await readWith(other, { ignoreDigests: true })).equals(archive)).toBe(false);
  });
});
