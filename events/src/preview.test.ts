import { expect, test } from "vitest";
import { previewOf, shortText } from "./preview.ts";

test.each([
  [undefined, "nothing"],
  [null, "null"],
  ["", "an empty string"],
  ["ALRM", 'the string "ALRM"'],
  [7, "the number 7"],
  [false, "the boolean false"],
  [[], "an empty array"],
  [[1, 2], "an array of 2"],
  [{}, "an empty object"],
  [{ password: "hunter2" }, "an object of 1 field"],
  [{ a: 1, b: 2 }, "an object of 2 fields"],
])("%j is previewed as %s", (value, preview) => {
  expect(previewOf(value)).toBe(preview);
});

test("80 characters are shown whole, the 81st is cut off", () => {
  expect(shortText("ab ".repeat(26) + "ab")).toBe("ab ".repeat(26) + "ab");
  expect(shortText("ab ".repeat(27))).toBe(`${"ab ".repeat(26)}a…`);
});

test("a megabyte is cut before it is searched", () => {
  expect(shortText("x ".repeat(500_000))).toBe(`${"x ".repeat(39)}x…`);
});

test.each([
  ["key AKIAIOSFODNN7EXAMPLE used", "key [redacted] used"],
  ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "[redacted]"],
  ["xoxb-12-ab-cd", "[redacted]"],
  ['{"password":"hunter2"}', '{"password":"[redacted]"}'],
  ["token=abc&x=1", "token=[redacted]&x=1"],
  ["Authorization: Bearer abc.def", "Authorization: [redacted]"],
  ["ask ada@example.com today", "ask [mail] today"],
])("%j loses its secret", (text, shown) => {
  expect(shortText(text)).toBe(shown);
});

test("what is no secret stays readable", () => {
  expect(shortText("arn:aws:ecs:eu-west-1:123456789012:service/shop-prod/shop-api")).toBe("arn:aws:ecs:eu-west-1:123456789012:service/shop-prod/shop-api");
  expect(shortText("2019-10-02T17:04:40.985+0000")).toBe("2019-10-02T17:04:40.985+0000");
});

test("control and direction characters cannot forge a line", () => {
  expect(shortText("a\nb\u001b[31m\u202e\u0000")).toBe("a?b?[31m??");
});
