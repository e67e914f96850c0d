import { type Readable, Transform } from "node:stream";
import type { StoreReading } from "../store/store.ts";

/** A store whose object has one bit another way round, on the way to us; what lies in the store is never touched (decision 52). */
export function withFlippedBit(store: StoreReading, damage: { readonly key: string; readonly byte: number; readonly bit: number }): StoreReading {
  return {
    place: store.place,
    read: (key) => store.read(key),
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    glance: (prefix, atMost) => store.glance(prefix, atMost),
    clock: () => store.clock(),
    stream: async (key, options) => {
      const stream = await store.stream(key, options);
      return key === damage.key ? flip(stream, damage.byte - (options.from ?? 0), damage.bit) : stream;
    },
  };
}

function flip(stream: Readable, byte: number, bit: number): Readable {
  let passed = 0;
  const flipping = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = byte - passed;
      passed += chunk.length;
      if (at < 0 || at >= chunk.length) return done(null, chunk);
      const copy = Buffer.from(chunk);
      copy[at] = (copy[at] ?? 0) ^ (1 << bit);
      done(null, copy);
    },
  });
  stream.once("error", (error) => flipping.destroy(error));
  flipping.once("close", () => stream.destroy());
  return stream.pipe(flipping);
}
