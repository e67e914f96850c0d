import { expect, test } from "vitest";
import { EventError } from "./errors.ts";
import { sweep } from "./sweep.ts";

const sample = '{"a":"x","b":{"c":1}}';
const refuse = (path: string): EventError => new EventError("a test", [{ path, expected: "another", got: "this" }], "Mend it.");

test("a reader that takes whatever comes is caught: wrong values got through", () => {
  const { violations, passed } = sweep(sample, JSON.parse);
  expect(passed).toBe(18);
  // The three deletions only lack something; the other fifteen changed what was read.
  expect(violations.length).toBe(15);
  expect(violations[0]).toBe("a null: passed and changed what was read");
});

test("a reader that fails in its own words is caught", () => {
  const careless = (text: string): unknown => {
    const event = JSON.parse(text);
    return [event.a.length, event.b.c.toFixed()];
  };
  expect(sweep(sample, careless).violations).toContain("a deleted: threw TypeError: Cannot read properties of undefined (reading 'length')");
});

test("a reader that names another field is caught, one that names the field, its parent or a field in it is not", () => {
  const naming = (path: string) => (text: string) => {
    if (text !== sample) throw refuse(path);
    return {};
  };
  expect(sweep(sample, naming("b")).violations).toEqual(
    ["deleted", "null", "a boolean", "a number", "an empty list", "an empty object"].map((how) => `a ${how}: the error names b`),
  );
  expect(sweep(sample, naming("")).violations.length).toBe(18);
  expect(sweep(sample, naming("b.c")).violations.length).toBe(6);
});

test("a reader that ignores what it does not use is right", () => {
  expect(sweep(sample, () => ({ kind: "nothing" }))).toEqual({ mutations: 18, rejected: 0, passed: 18, violations: [] });
});
