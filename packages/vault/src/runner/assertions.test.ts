import { expect, test } from "vitest";
import { judgeAssertion } from "./assertions.ts";

const isTrue = { holds: true as const };
const least = { holds: { atLeast: 10 } };

test("a statement holds when its one value says true, or at least the number", () => {
  expect(judgeAssertion(isTrue, [{ ok: "t" }])).toBeUndefined();
  expect(judgeAssertion(isTrue, [{ ok: "f" }])).toBe("it does not say true");
  expect(judgeAssertion(least, [{ count: "10" }])).toBeUndefined();
  expect(judgeAssertion(least, [{ count: "9.99" }])).toBe("it says less than 10");
});

test("no row, two rows, two columns, NULL or a word never hold", () => {
  expect(judgeAssertion(isTrue, [])).toBe("expected one row of one column, got 0 rows of 0 columns");
  expect(judgeAssertion(isTrue, [{ ok: "t" }, { ok: "t" }])).toBe("expected one row of one column, got 2 rows of 1 columns");
  expect(judgeAssertion(isTrue, [{ ok: "t", more: "t" }])).toBe("expected one row of one column, got 1 rows of 2 columns");
  expect(judgeAssertion(isTrue, [{ ok: null }])).toBe("it says NULL, which is neither true nor a number");
  expect(judgeAssertion(least, [{ count: "many" }])).toBe("it does not say a number");
  expect(judgeAssertion(least, [{ count: "" }])).toBe("it does not say a number");
});
