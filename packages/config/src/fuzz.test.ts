import fc from "fast-check";
import { expect, test } from "vitest";
import shop from "../../../nightshift.config.ts";
import { checkConfig } from "./check.ts";

/** Every place in a value that can be overwritten. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))];
}

/** A copy of the value with something else at one place. */
function overwrite(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((inner, index) => (String(index) === step ? overwrite(inner, rest, by) : inner));
  if (typeof value !== "object" || value === null) return by;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === step ? overwrite(inner, rest, by) : inner]));
}

const parameters = { seed: 7, numRuns: 400 };

function holds(raw: unknown): void {
  const { problems, resolved } = checkConfig(raw);
  expect(resolved === undefined).toBe(problems.length > 0);
  for (const problem of problems) {
    for (const part of [problem.expected, problem.got, problem.remedy]) expect(part).not.toMatch(/^$|undefined|\[object/);
  }
}

test("anything at all is either used or refused with a reason", () => {
  fc.assert(fc.property(fc.anything(), holds), parameters);
});

test("a good config with anything at any place is either used or refused with a reason", () => {
  fc.assert(
    fc.property(fc.constantFrom(...places(shop)), fc.anything(), (path, by) => {
      holds(overwrite(shop, path, by));
    }),
    parameters,
  );
});

test("a config that contains itself is refused, not followed", () => {
  const circle: Record<string, unknown> = { product: "shop" };
  circle["services"] = { a: circle };
  circle["people"] = circle;
  expect(checkConfig(circle).resolved).toBeUndefined();
});
