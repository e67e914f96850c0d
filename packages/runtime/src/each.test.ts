import { expect, test } from "vitest";
import { eachOf } from "./each.ts";

const doing = async (failing: readonly number[]) => {
  const did: number[] = [];
  const failed = await eachOf([1, 2, 3], async (n) => {
    did.push(n);
    if (failing.includes(n)) throw new TypeError(`no ${n}`);
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { did, failed };
};

test.each([
  ["none fails", [], undefined, undefined],
  ["the first fails: its own error", [1], TypeError, "no 1"],
  ["the last fails: its own error", [3], TypeError, "no 3"],
  ["two fail: both are said", [1, 3], AggregateError, "no 1; no 3"],
  ["all fail: all are said", [1, 2, 3], AggregateError, "no 1; no 2; no 3"],
])("every item has its turn when %s", async (_, failing, kind, message) => {
  const { did, failed } = await doing(failing);
  expect(did).toEqual([1, 2, 3]);
  expect(failed instanceof Error ? [failed.constructor, failed.message] : [undefined, undefined]).toEqual([kind, message]);
});
