import { describe, expect, it } from "vitest";
import { type Reading, type ServiceModel, violations } from "../../scripts/models/shape.ts";

/** A small service of our own, with one of each kind of shape. */
const model: ServiceModel = {
  operations: {},
  shapes: {
    Request: {
      type: "structure",
      required: ["service"],
      members: {
        service: { shape: "Name" },
        count: { shape: "Count" },
        share: { shape: "Share" },
        state: { shape: "State" },
        names: { shape: "Names" },
        at: { shape: "Moment" },
        tags: { shape: "Tags" },
        on: { shape: "Flag" },
        bytes: { shape: "Bytes" },
        choice: { shape: "Choice" },
        any: { shape: "Anything" },
        inner: { shape: "Inner" },
        lost: { shape: "Nowhere" },
      },
    },
    Inner: { type: "structure", required: ["token"], members: { token: { shape: "Name", idempotencyToken: true } } },
    Sent: { type: "structure", payload: "body", members: { body: { shape: "Bytes" } } },
    Choice: { type: "structure", union: true, members: { a: { shape: "Name" }, b: { shape: "Name" } } },
    Anything: { type: "structure", document: true },
    Name: { type: "string", min: 2, max: 4, pattern: "[a-z]+" },
    Java: { type: "string", pattern: "[a-z]++" },
    State: { type: "string", enum: ["ON", "OFF"] },
    Count: { type: "integer", min: 1, max: 3 },
    Share: { type: "double" },
    Flag: { type: "boolean" },
    Moment: { type: "timestamp" },
    Bytes: { type: "blob", max: 2 },
    Names: { type: "list", member: { shape: "Name" }, min: 1, max: 2 },
    Tags: { type: "map", key: { shape: "State" }, value: { shape: "Name" }, max: 1 },
  },
};

const asked = (value: unknown, as: Reading["as"] = "request") => violations({ model, as }, "Request", value, "r");
const ok = { service: "api" };

describe("a value that the description allows", () => {
  it.each<[string, unknown]>([
    ["only what is required", { service: "api" }],
    [
      "every member",
      {
        service: "api",
        count: 1,
        share: 0.5,
        state: "ON",
        names: ["ab"],
        at: new Date(0),
        tags: { ON: "ab" },
        on: false,
        bytes: new Uint8Array(2),
        choice: { a: "ab" },
        any: [{}],
      },
    ],
    ["the lower bounds", { service: "ab", count: 1, names: ["ab"] }],
    ["the upper bounds", { service: "abcd", count: 3, names: ["ab", "ab"] }],
    ["undefined members, as if absent", { service: "api", count: undefined, stranger: undefined }],
    ["what the SDK adds to answers", { service: "api", $metadata: { attempts: 1 } }],
    ["no idempotency token, which the SDK adds to requests", { service: "api", inner: {} }],
  ])("%s", (_, value) => {
    expect(asked(value)).toEqual([]);
  });
});

describe("a violation", () => {
  it.each<[string, unknown, readonly [string, string, string]]>([
    ["a required member is missing", {}, ["r.service", "a required member", "undefined"]],
    ["a member is unknown", { ...ok, desiredCount: 1 }, ["r.desiredCount", "no such member", "1"]],
    ["no structure", "api", ["r", "a structure", '"api"']],
    ["a list instead of a structure", [], ["r", "a structure", "[]"]],
    ["null, which JSON knows and the SDK does not", { ...ok, inner: null }, ["r.inner", "a structure", "null"]],
    ["no text", { service: 1 }, ["r.service", "text", "1"]],
    ["text too short", { service: "a" }, ["r.service", "at least 2 characters", '"1 characters"']],
    ["text too long", { service: "abcde" }, ["r.service", "at most 4 characters", '"5 characters"']],
    ["text unlike the pattern, although a part of it is like it", { service: "ab1" }, ["r.service", "text like [a-z]+", '"ab1"']],
    ["not in the enumeration", { ...ok, state: "BROKEN" }, ["r.state", "one of ON, OFF", '"BROKEN"']],
    ["no number", { ...ok, count: "1" }, ["r.count", "a number", '"1"']],
    ["no finite number", { ...ok, share: Number.NaN }, ["r.share", "a number", "null"]],
    ["not whole", { ...ok, count: 1.5 }, ["r.count", "a whole number", "1.5"]],
    ["a number too small", { ...ok, count: 0 }, ["r.count", "at least 1", '"0"']],
    ["a number too large", { ...ok, count: 4 }, ["r.count", "at most 3", '"4"']],
    ["no list", { ...ok, names: "ab" }, ["r.names", "a list", '"ab"']],
    ["a list too short", { ...ok, names: [] }, ["r.names", "at least 1 items", '"0 items"']],
    ["a list too long", { ...ok, names: ["ab", "ab", "ab"] }, ["r.names", "at most 2 items", '"3 items"']],
    ["a wrong item", { ...ok, names: ["ab", 2] }, ["r.names[]", "text", "2"]],
    ["an absent item", { ...ok, names: [undefined] }, ["r.names[]", "text", '"undefined"']],
    ["no map", { ...ok, tags: [] }, ["r.tags", "a map", "[]"]],
    ["a wrong key", { ...ok, tags: { HALF: "ab" } }, ["r.tags key", "one of ON, OFF", '"HALF"']],
    ["a wrong map value", { ...ok, tags: { ON: 1 } }, ["r.tags{}", "text", "1"]],
    ["a map too large", { ...ok, tags: { ON: "ab", OFF: "ab" } }, ["r.tags", "at most 1 entries", '"2 entries"']],
    ["neither true nor false", { ...ok, on: "true" }, ["r.on", "true or false", '"true"']],
    ["a number instead of a Date", { ...ok, at: 0 }, ["r.at", "a Date", "0"]],
    ["a Date that is none", { ...ok, at: new Date(Number.NaN) }, ["r.at", "a Date", "null"]],
    ["no bytes", { ...ok, bytes: [1] }, ["r.bytes", "bytes", "[1]"]],
    ["too many bytes", { ...ok, bytes: new Uint8Array(3) }, ["r.bytes", "at most 2 bytes", '"3 bytes"']],
    ["no member of a union", { ...ok, choice: {} }, ["r.choice", "one member of the union", '"0 members"']],
    ["two members of a union", { ...ok, choice: { a: "ab", b: "ab" } }, ["r.choice", "one member of the union", '"2 members"']],
    ["a shape that is described nowhere", { ...ok, lost: 1 }, ["r.lost", "a described shape", '"Nowhere"']],
  ])("%s", (_, value, [path, expected, got]) => {
    // JSON has no undefined: its text stands as it is.
    expect(asked(value)).toEqual([{ path, expected, got: got === '"undefined"' ? "undefined" : got }]);
  });

  it("an absent required token in an answer", () => {
    expect(asked({ ...ok, inner: {} }, "answer")).toEqual([{ path: "r.inner.token", expected: "a required member", got: "undefined" }]);
  });

  it("two at once", () => {
    expect(asked({ stranger: 1 }).map(({ path }) => path)).toEqual(["r.service", "r.stranger"]);
  });
});

describe("what depends on the direction", () => {
  it("a payload may be sent as text", () => {
    expect(violations({ model, as: "request" }, "Sent", { body: "any text" }, "r")).toEqual([]);
    expect(violations({ model, as: "answer" }, "Sent", { body: "any text" }, "r")).toEqual([{ path: "r.body", expected: "bytes", got: '"any text"' }]);
  });

  it("a payload may be answered as a stream", () => {
    const stream = { transformToString: async () => "" };
    expect(violations({ model, as: "answer" }, "Sent", { body: stream }, "r")).toEqual([]);
    expect(violations({ model, as: "request" }, "Sent", { body: stream }, "r")).toEqual([{ path: "r.body", expected: "bytes", got: "{}" }]);
  });

  it("moments in events are text", () => {
    expect(asked({ ...ok, at: "2026-03-16T03:00:00.000Z" }, "event")).toEqual([]);
    expect(asked({ ...ok, at: new Date(0) }, "event").map(({ expected }) => expected)).toEqual(["a moment as text"]);
    expect(asked({ ...ok, at: "yesterday" }, "event").map(({ expected }) => expected)).toEqual(["a moment as text"]);
  });

  it("a pattern that JavaScript cannot read is not compared", () => {
    expect(violations({ model, as: "request" }, "Java", "42", "r")).toEqual([]);
  });
});
