import { expect, test } from "vitest";
import { earliestOf, positionOf } from "./slice-before.ts";

test("a log position is two halves of a 64-bit number", () => {
  expect(positionOf("0/0")).toBe(0n);
  expect(positionOf("16/B374D848")).toBe(0x16_b374_d848n);
});

test("the copied moment is before what the copy's own log can have grown by since", () => {
  const facts = { lsn: "10/0", segmentBytes: 64 << 20, closedAfter: 300, upSeconds: 600 };
  // Two segments in ten minutes, and four to spare.
  expect(earliestOf(facts)).toBe(0x10_0000_0000n - 6n * 64n * 1_048_576n);
  expect(earliestOf({ ...facts, upSeconds: 601 })).toBe(0x10_0000_0000n - 7n * 64n * 1_048_576n);
  expect(earliestOf({ ...facts, closedAfter: 0 })).toBe(0x10_0000_0000n - 4n * 64n * 1_048_576n);
});
