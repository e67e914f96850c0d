import { expect, it } from "vitest";
import { bytesIn } from "./elasticache-groups.ts";

it.each([
  ["12 MB", 12_582_912],
  ["1.5 GB", 1_610_612_736],
  ["0 MB", 0],
  ["4096", 4_096],
  ["7B", 7],
  ["3 TB", 3_298_534_883_328],
  ["much", 0],
  ["", 0],
  [undefined, 0],
])("a size told as %j is %d bytes", (told, bytes) => {
  expect(bytesIn(told)).toBe(bytes);
});
