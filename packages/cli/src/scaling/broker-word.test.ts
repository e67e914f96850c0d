import { describe, expect, test } from "vitest";
import { brokerNamed } from "./broker-word.ts";

const words = { broker: undefined, management: undefined, keyPrefix: "", prioritySteps: undefined };
const named = (over: Partial<Parameters<typeof brokerNamed>[0]>, environment: Readonly<Record<string, string>> = {}) =>
  brokerNamed({ ...words, ...over }, environment);

describe("an address on the command line", () => {
  test.each([
    ["redis://localhost:6379/0", "redis", "redis://localhost:6379/0"],
    ["rediss://app:hunter2@cache:6379/1", "redis", "rediss://app:hunter2@cache:6379/1"],
    ["amqp://guest@localhost//", "rabbitmq", "amqp://guest@localhost//"],
    ["pyamqp://guest@localhost//", "rabbitmq", "amqp://guest@localhost//"],
  ])("%s", (broker, kind, address) => {
    const it = named({ broker });
    expect([it.settings.kind, it.addresses.broker]).toEqual([kind, address]);
  });

  test("SQS needs no address", () => {
    expect(named({ broker: "sqs://", keyPrefix: "shop-" })).toEqual({
      settings: { kind: "sqs", queueNamePrefix: "shop-", visibilityTimeout: 1_800_000 },
      addresses: {},
      openly: false,
    });
  });

  test("a variable, by name or by Celery's own", () => {
    expect(named({ broker: "env:BROKER" }, { BROKER: "redis://:secret@a/0" })).toMatchObject({ addresses: { broker: "redis://:secret@a/0" }, openly: false });
    expect(named({}, { CELERY_BROKER_URL: "redis://b/0" }).addresses.broker).toBe("redis://b/0");
    expect(() => named({})).toThrow("the variable CELERY_BROKER_URL is not set");
    expect(() => named({ broker: "env:BROKER" }, { BROKER: "" })).toThrow("the variable BROKER is not set");
  });

  test("a password in the command is known to be in the history, a user alone is not one", () => {
    expect(named({ broker: "redis://app:hunter2@cache/0" }).openly).toBe(true);
    expect(named({ broker: "redis://cache/0" }).openly).toBe(false);
    expect(named({ broker: "amqp://guest@mq//", management: "http://guest:guest@mq:15672" }).openly).toBe(true);
  });

  test("the management API has an address of its own", () => {
    const it = named({ broker: "amqp://a//", management: "env:PAGE" }, { PAGE: "https://u:p@b" });
    expect(it.settings).toEqual({ kind: "rabbitmq", secret: "broker", managementSecret: "management" });
    expect(it.addresses).toEqual({ broker: "amqp://a//", management: "https://u:p@b" });
  });

  test.each(["sentinel://:hunter2@a", "hunter2", "http://:hunter2@a"])("an address of something else is refused and not repeated", (broker) => {
    expect(() => named({ broker })).toThrow("not the address of a broker that is understood");
    try {
      named({ broker });
    } catch (error) {
      expect(String(error)).not.toContain("hunter2");
    }
  });

  test.each([
    ["0,3,6,9", [0, 3, 6, 9]],
    ["0, 1, 2", [0, 1, 2]],
    ["0", [0]],
  ])("priority steps %s", (prioritySteps, steps) => {
    expect(named({ broker: "redis://a/0", prioritySteps }).settings).toMatchObject({ prioritySteps: steps });
  });
  test.each(["3,6", "0,3,3", "0,x", "0,256", ""])("priority steps that are none: %s", (prioritySteps) => {
    expect(() => named({ broker: "redis://a/0", prioritySteps })).toThrow("rising whole numbers that begin with 0");
  });
});
