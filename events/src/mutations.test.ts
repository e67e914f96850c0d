import { expect, test } from "vitest";
import { mutationsOf } from "./mutations.ts";

test("every field at every depth is deleted and replaced by each type it has not", () => {
  const sample = { a: "x", b: [{ c: 1 }] };
  const all = [...mutationsOf(sample)].map((m) => `${m.path.join(".")} ${m.how}: ${JSON.stringify(m.event)}`);
  expect(all.length).toBe(24);
  expect(all.slice(0, 6)).toEqual([
    'a deleted: {"b":[{"c":1}]}',
    'a null: {"a":null,"b":[{"c":1}]}',
    'a a boolean: {"a":true,"b":[{"c":1}]}',
    'a a number: {"a":7,"b":[{"c":1}]}',
    'a an empty list: {"a":[],"b":[{"c":1}]}',
    'a an empty object: {"a":{},"b":[{"c":1}]}',
  ]);
  expect(all).toContain('b.0 deleted: {"a":"x","b":[]}');
  expect(all).toContain('b.0.c a string: {"a":"x","b":[{"c":"nightshift"}]}');
  expect(sample).toEqual({ a: "x", b: [{ c: 1 }] });
});

test("a field named __proto__ is mutated like any other", () => {
  const all = [...mutationsOf(JSON.parse('{"__proto__": 1}'))].map((m) => JSON.stringify(m.event));
  expect(all).toEqual(["{}", '{"__proto__":null}', '{"__proto__":true}', '{"__proto__":"nightshift"}', '{"__proto__":[]}', '{"__proto__":{}}']);
});
