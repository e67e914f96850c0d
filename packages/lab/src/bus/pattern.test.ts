import { describe, expect, test } from "vitest";
import { matches } from "./pattern.ts";

// Every row: what it shows, the pattern, an event that matches, an event that does not.
const rows: readonly (readonly [string, Record<string, unknown>, unknown, unknown])[] = [
  ["a value must be equal", { source: ["aws.ecs"] }, { source: "aws.ecs" }, { source: "aws.ec2" }],
  ["values in an array are alternatives", { state: ["ALARM", "OK"] }, { state: "OK" }, { state: "INSUFFICIENT_DATA" }],
  ["all fields must match", { a: ["1"], b: ["2"] }, { a: "1", b: "2", c: "3" }, { a: "1", b: "x" }],
  ["a text is not a number", { n: [1] }, { n: 1 }, { n: "1" }],
  ["numbers are equal by value", { n: [300] }, { n: 300.0 }, { n: 301 }],
  ["null matches null only", { u: [null] }, { u: null }, { u: "" }],
  ["an empty text matches an empty text only", { u: [""] }, { u: "" }, { u: null }],
  ["true is a value", { on: [true] }, { on: true }, { on: false }],
  ["nested fields", { detail: { state: { value: ["ALARM"] } } }, { detail: { state: { value: "ALARM" } } }, { detail: { state: { value: "OK" } } }],
  ["a nested field that is not there", { detail: { state: ["x"] } }, { detail: { state: "x" } }, { other: 1 }],
  ["an array in the event matches by one element", { resources: ["b"] }, { resources: ["a", "b"] }, { resources: ["a", "c"] }],
  ["an operator on an array in the event", { resources: [{ prefix: "arn:" }] }, { resources: ["x", "arn:1"] }, { resources: [] }],
  ["prefix", { region: [{ prefix: "us-" }] }, { region: "us-east-1" }, { region: "eu-us-1" }],
  ["prefix without case", { s: [{ prefix: { "equals-ignore-case": "EventB" } }] }, { s: "eventbridge" }, { s: "my-eventbridge" }],
  ["suffix", { f: [{ suffix: ".png" }] }, { f: "a.png" }, { f: "a.png.txt" }],
  ["suffix without case", { f: [{ suffix: { "equals-ignore-case": ".PNG" } }] }, { f: "a.png" }, { f: "a.jpg" }],
  ["equals-ignore-case", { n: [{ "equals-ignore-case": "alice" }] }, { n: "ALICE" }, { n: "ALICE B" }],
  ["wildcard", { f: [{ wildcard: "dir/*.png" }] }, { f: "dir/a/b.png" }, { f: "other/dir/a.png" }],
  ["wildcard with an escaped star", { f: [{ wildcard: "a\\*b*" }] }, { f: "a*bc" }, { f: "axbc" }],
  ["anything-but a value", { s: [{ "anything-but": "x" }] }, { s: "y" }, { s: "x" }],
  ["anything-but a list", { s: [{ "anything-but": ["x", "y"] }] }, { s: "z" }, { s: "y" }],
  ["anything-but numbers", { n: [{ "anything-but": [1, 2] }] }, { n: 3 }, { n: 2 }],
  ["anything-but needs the field", { s: [{ "anything-but": "x" }] }, { s: "y" }, { t: "y" }],
  ["anything-but prefix", { s: [{ "anything-but": { prefix: "us-" } }] }, { s: "eu-1" }, { s: "us-1" }],
  ["anything-but a list of prefixes", { s: [{ "anything-but": { prefix: ["us-", "eu-"] } }] }, { s: "ap-1" }, { s: "eu-1" }],
  ["anything-but suffix", { s: [{ "anything-but": { suffix: ".png" } }] }, { s: "a.txt" }, { s: "a.png" }],
  ["anything-but a list of suffixes", { s: [{ "anything-but": { suffix: [".png", ".gif"] } }] }, { s: "a.txt" }, { s: "a.gif" }],
  ["anything-but without case", { s: [{ "anything-but": { "equals-ignore-case": ["init", "stop"] } }] }, { s: "run" }, { s: "INIT" }],
  ["anything-but wildcard", { s: [{ "anything-but": { wildcard: "*/lib/*" } }] }, { s: "a/src/b" }, { s: "a/lib/b" }],
  ["anything-but a list of wildcards", { s: [{ "anything-but": { wildcard: ["*/lib/*", "*/bin/*"] } }] }, { s: "a/src/b" }, { s: "a/bin/b" }],
  ["numeric equal", { n: [{ numeric: ["=", 5] }] }, { n: 5 }, { n: 5.1 }],
  ["numeric range, open below and closed above", { n: [{ numeric: [">", 10, "<=", 20] }] }, { n: 20 }, { n: 10 }],
  ["numeric range, closed below and open above", { n: [{ numeric: [">=", 10, "<", 20] }] }, { n: 10 }, { n: 20 }],
  ["numeric wants a number", { n: [{ numeric: ["<", 10] }] }, { n: -1 }, { n: "1" }],
  ["exists: true", { d: { c: [{ exists: true }] } }, { d: { c: null } }, { d: {} }],
  ["exists: false", { d: { c: [{ exists: false }] } }, { d: {} }, { d: { c: 0 } }],
  ["exists: false where the parent is not there", { d: { c: [{ exists: false }] } }, { e: 1 }, { d: { c: "x" } }],
  ["exists looks at leaves only", { d: [{ exists: false }] }, { d: { c: 1 } }, { d: 1 }],
  ["cidr", { ip: [{ cidr: "10.0.0.0/24" }] }, { ip: "10.0.0.255" }, { ip: "10.0.1.0" }],
  ["cidr of version 6", { ip: [{ cidr: "2001:db8::/32" }] }, { ip: "2001:db8::1" }, { ip: "2001:db9::1" }],
  ["$or holds alternatives of whole fields", { $or: [{ a: ["1"] }, { b: ["2"] }] }, { a: "x", b: "2" }, { a: "x", b: "x" }],
  ["$or beside a field", { s: ["x"], $or: [{ a: [{ numeric: [">", 5] }] }, { b: [true] }] }, { s: "x", a: 6, b: false }, { s: "y", a: 6 }],
  ["$or below a field", { d: { $or: [{ a: ["1"] }, { b: ["2"] }] } }, { d: { b: "2" } }, { b: "2" }],
  ["alternatives may mix values and operators", { s: ["x", { prefix: "y" }, { exists: false }] }, {}, { s: "z" }],
  [
    "objects in an array match one at a time",
    { d: { list: { k: ["a"], v: ["1"] } } },
    {
      d: {
        list: [
          { k: "b", v: "1" },
          { k: "a", v: "1" },
        ],
      },
    },
    {
      d: {
        list: [
          { k: "a", v: "2" },
          { k: "b", v: "1" },
        ],
      },
    },
  ],
];

describe("event patterns, as the EventBridge user guide describes them", () => {
  test.each(rows)("%s", (_name, pattern, yes, no) => {
    expect(matches(pattern, yes)).toBe(true);
    expect(matches(pattern, no)).toBe(false);
  });

  test("the empty pattern matches everything", () => {
    expect(matches({}, { source: "x" })).toBe(true);
  });

  test("a pattern that EventBridge would refuse is refused", () => {
    expect(() => matches({ source: "aws.ecs" }, { source: "aws.ecs" })).toThrow("holds an array or an object");
    expect(() => matches({ source: [{ regex: "x" }] }, { source: "x" })).toThrow("no operator regex");
    expect(() => matches({ n: [{ numeric: [">"] }] }, { n: 1 })).toThrow("pairs");
    expect(() => matches({ n: [{ numeric: ["!", 1] }] }, { n: 1 })).toThrow("no comparison !");
    expect(() => matches({ n: [{ "anything-but": { cidr: "x" } }] }, { n: "1" })).toThrow("anything-but does not take");
    expect(() => matches({ n: [{ prefix: "a", suffix: "b" }] }, { n: "1" })).toThrow("one field");
  });
});
