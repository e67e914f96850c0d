import { expect, test } from "vitest";
import { EventError } from "./errors.ts";
import { parseJson } from "./json.ts";

const fault = (text: string): EventError => {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof EventError) return error;
  }
  throw new Error(`${text} was read`);
};

test.each(["", " ", "\n\t "])("%j is empty text", (text) => {
  expect(fault(text).got).toBe("empty text");
});

test.each([
  ['{"a":', "line 1, column 6"],
  ['{\n "a": [1,\n  2', "line 3, column 4"],
  ['"abc', "line 1, column 5"],
  ['{"a": tru', "line 1, column 10"],
  ['{"a": -', "line 1, column 8"],
  ['{"a": "b\\', "line 1, column 10"],
])("%j was cut off", (text, place) => {
  expect(fault(text).got).toBe(`text that ends too early at ${place}`);
  expect(fault(text).next).toBe("It was probably cut off while it was copied: give the whole event.");
});

test.each([
  ['{"a":1,}', "}", "line 1, column 8"],
  ['{"a":1}x', "x", "line 1, column 8"],
  ["{a:1}", "a:1}", "line 1, column 2"],
  ["[1 2]", "2]", "line 1, column 4"],
  ["[1,]", "]", "line 1, column 4"],
  ['{"a" 1}', "1}", "line 1, column 6"],
  ['{"a":1]', "]", "line 1, column 7"],
  ["01", "1", "line 1, column 2"],
  ["}", "}", "line 1, column 1"],
  ['{"a":\n  nope}', "nope}", "line 2, column 3"],
  ["nonsense", "nonsense", "line 1, column 1"],
])("%j is wrong from %s", (text, rest, place) => {
  expect(fault(text).got).toBe(`text that is not JSON, from ${JSON.stringify(rest)} at ${place}`);
});

test("a secret near the fault is not repeated", () => {
  expect(fault("{AKIAIOSFODNN7EXAMPLE: 1}").message).not.toContain("AKIA");
});

test("text longer than any event is refused without a search for the place", () => {
  expect(fault(`[${"1,".repeat(600_000)}`).got).toBe("text that is not JSON");
});

test("deep nesting is an error like any other", () => {
  expect(fault("[".repeat(100_000)).got).toBe("text that ends too early at line 1, column 100001");
});

test("good text is read", () => {
  expect(parseJson(' {"a":[1,true,null,"\\u00e9"]} ')).toEqual({ a: [1, true, null, "é"] });
});
