import { expect, test } from "vitest";
import { readMoment } from "./moments.ts";

test.each([
  ["2026-11-21T01:30Z", 1_795_224_600_000],
  ["2026-11-21T01:30", 1_795_224_600_000],
  ["2026-11-21t01:30:07z", 1_795_224_607_000],
  ["1970-01-01T00:00Z", 0],
  ["2024-02-29T23:59Z", 1_709_251_140_000],
  ["2026-02-29T00:00Z", undefined],
  ["2026-13-01T00:00Z", undefined],
  ["2026-11-21T24:00Z", undefined],
  ["2026-11-21T01:60Z", undefined],
  ["2026-11-21 01:30", undefined],
  ["01:30", undefined],
  ["", undefined],
])("%s is %s", (text, at) => {
  expect(readMoment(text)).toBe(at);
});
