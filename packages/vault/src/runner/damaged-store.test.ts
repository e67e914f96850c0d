import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { StoreReading } from "../store/store.ts";
import { withFlippedBit } from "./damaged-store.ts";

const bytes = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]);
const store = {
  place: "memory",
  stream: async (_key: string, { from = 0 }: { readonly from?: number }) => Readable.from([bytes.subarray(from, 5), bytes.subarray(5)]),
} as unknown as StoreReading; // Only `stream` is asked here.

const read = async (key: string, byte: number, from = 0): Promise<number[]> => [
  ...(await buffer(await withFlippedBit(store, { key: "a", byte, bit: 1 }).stream(key, { from, signal: AbortSignal.timeout(5_000) }))),
];

test("one bit of one object is another way round, wherever the chunks end, and nothing else is", async () => {
  expect(await read("a", 0)).toEqual([2, 1, 2, 3, 4, 5, 6, 7]);
  expect(await read("a", 5)).toEqual([0, 1, 2, 3, 4, 7, 6, 7]);
  expect(await read("a", 7)).toEqual([0, 1, 2, 3, 4, 5, 6, 5]);
  expect(await read("b", 5)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test("a stream that is carried on from the middle has the same bit wrong", async () => {
  expect(await read("a", 6, 3)).toEqual([3, 4, 5, 4, 7]);
});

test("what lies in the store stays as it is", async () => {
  await read("a", 3);
  expect([...bytes]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
