import { expect, test } from "vitest";
import { sampleText } from "../samples/load.ts";
import { EventError } from "./errors.ts";
import { parseEvent, parseEventText } from "./parse.ts";

const errorOf = (read: () => unknown): EventError => {
  try {
    read();
  } catch (error) {
    if (error instanceof EventError) return error;
    throw error;
  }
  throw new Error("it was read");
};
const sample = (): Record<string, unknown> => JSON.parse(sampleText("ecs-deployment-in-progress"));

test.each([
  ["[]", "an empty array", "Give one event at a time."],
  ["[{}]", "an array of 1", "Give one event at a time."],
  ["null", "null", "Give the whole event as EventBridge delivered it."],
  ["7", "the number 7", "Give the whole event as EventBridge delivered it."],
  ['"event"', 'the string "event"', "Give the whole event as EventBridge delivered it."],
  ["true", "the boolean true", "Give the whole event as EventBridge delivered it."],
])("%s is no event", (text, got, next) => {
  const error = errorOf(() => parseEventText(text));
  expect([error.shape, error.path, error.got, error.next]).toEqual(["unreadable", "", got, next]);
});

test("an object without a header is told what it lacks", () => {
  const error = errorOf(() => parseEvent({ hello: "world" }));
  expect(error.problems).toEqual([
    { path: "source", expected: "a string", got: "nothing" },
    { path: "detail-type", expected: "a string", got: "nothing" },
  ]);
});

test("a foreign event is named, and so is what we listen to", () => {
  const error = errorOf(() => parseEvent({ ...sample(), source: "aws.s3", "detail-type": "Object Created" }));
  expect([error.shape, error.path, error.got]).toEqual(["aws.s3 / Object Created", "source", "an event from aws.s3 / Object Created"]);
  expect(error.next).toMatch(/^Nightshift listens to aws\.cloudwatch \/ CloudWatch Alarm State Change; aws\.ecs \/ ECS Deployment State Change; /);
});

test("another event of a known source is foreign by its detail-type", () => {
  expect(errorOf(() => parseEvent({ ...sample(), "detail-type": "ECS Container Instance State Change" })).path).toBe("detail-type");
});

test.each([
  [{ Records: [{ body: "{}" }] }, "It is a batch of records from SQS or SNS: give the body of one record."],
  [{ Type: "Notification", TopicArn: "arn:aws:sns:eu-west-1:123456789012:t", Message: "{}" }, "It is an SNS notification: give what is in its Message."],
])("a wrapped event says how to unwrap it", (raw, next) => {
  expect(errorOf(() => parseEvent(raw)).next).toBe(next);
});

test("all problems of an event are listed, the first one by itself too", () => {
  const error = errorOf(() => parseEvent({ ...sample(), account: "1", region: 5, detail: {} }));
  expect(error.problems.map((p) => p.path)).toEqual([
    "account",
    "region",
    "detail.eventType",
    "detail.eventName",
    "detail.deploymentId",
    "detail.updatedAt",
    "detail.reason",
  ]);
  expect([error.path, error.expected, error.got]).toEqual(["account", "the 12 digits of an AWS account", 'the string "1"']);
  expect(error.shape).toBe("aws.ecs / ECS Deployment State Change");
  expect(error.message).toContain("; and 3 more. Nothing was done with it.");
});

test("the message is one paragraph and says what to do next", () => {
  const error = errorOf(() => parseEvent({ ...sample(), time: "yes\nterday" }));
  expect(error.message).toBe(
    'Cannot read this event (aws.ecs / ECS Deployment State Change): time: expected a time with its zone, like 2026-11-21T02:00:00Z, got the string "yes?terday". Nothing was done with it. If AWS or your CI changed this field, report it with the event; otherwise correct it and send it again.',
  );
});

test("unknown fields pass and are left out", () => {
  const event = sample();
  const more = { ...event, "new-field": { deep: [1] }, detail: { ...(event["detail"] as object), taskDefinition: "later" } };
  expect(parseEvent(more)).toEqual(parseEvent(event));
});

test("an envelope of another version is refused", () => {
  expect(errorOf(() => parseEvent({ ...sample(), version: "1" }))).toMatchObject({ path: "version", expected: '"0"', got: 'the string "1"' });
});

test("fields named after an object's own machinery neither count nor spread", () => {
  const hostile = sampleText("alarm-tagged")
    .replace('"team": "shop"', '"team": "shop", "__proto__": "x", "constructor": "y"')
    .replace('"version": "0"', '"version": "0", "__proto__": {"source": "aws.s3", "polluted": true}, "constructor": {"prototype": {"polluted": true}}');
  const event = parseEventText(hostile);
  expect(event).toMatchObject({ kind: "alarm-changed", value: "ALARM" });
  expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("a header that is only inherited is no header", () => {
  const { source, ...rest } = sample();
  expect(errorOf(() => parseEvent(Object.assign(Object.create({ source }), rest))).path).toBe("source");
});

test.each([
  ["a huge name", { ...sample(), source: "s".repeat(1_000_000) }],
  ["a huge field", { ...sample(), account: `${"9".repeat(500_000)}secret` }],
  ["a huge key", { ...sample(), detail: { ["k".repeat(500_000)]: 1 } }],
  ["many problems", { "detail-type": "ECS Task State Change", source: "aws.ecs", detail: { containers: Array.from({ length: 10_000 }, () => ({})) } }],
])("%s makes a short message", (_, raw) => {
  expect(errorOf(() => parseEvent(raw)).message.length).toBeLessThan(1_200);
});

test("a secret in the wrong place is not repeated", () => {
  const error = errorOf(() => parseEvent({ ...sample(), region: "AKIAIOSFODNN7EXAMPLE", account: "password=hunter2" }));
  expect(error.message).not.toMatch(/AKIA|hunter2/);
});

test("values that JSON cannot carry are errors like any other", () => {
  for (const value of [undefined, () => 1, Symbol("s"), 1n, Number.NaN, new Map()]) {
    expect(() => parseEvent({ ...sample(), detail: value })).toThrow(EventError);
    expect(() => parseEvent(value)).toThrow(EventError);
  }
});
