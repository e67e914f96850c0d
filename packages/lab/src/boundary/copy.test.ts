import { expect, test } from "vitest";
import { copyOf } from "./copy.ts";

test("a copy holds the same and shares nothing", () => {
  const sent = { Key: { pk: "A" }, Names: ["a", { b: 1n }], Body: new Uint8Array([1, 2]), At: new Date(5), Set: new Set([1]), none: undefined, nil: null };
  const copied = copyOf(sent) as typeof sent; // the same shape by its own promise
  expect(copied).toEqual(sent);
  expect([copied.Key === sent.Key, copied.Names[1] === sent.Names[1], copied.Body === sent.Body, copied.At === sent.At, copied.Set === sent.Set]).toEqual(
    Array.from({ length: 5 }, () => false),
  );
  expect(Object.keys(copied)).toEqual(["Key", "Names", "Body", "At", "Set", "none", "nil"]);
});

test("what cannot be sent is refused, as by structuredClone", () => {
  expect(() => copyOf({ call: () => 1 })).toThrow(/could not be cloned/);
});
