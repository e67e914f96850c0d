import { expect, test } from "vitest";
import { parseStarted } from "./started.ts";

const started = { group: "shop", service: "shop-api", deployment: "ecs-svc/1", at: 1_795_227_031_000 };
const byHand = "The dispatcher sends it; do not start the guard by hand.";

test("what the dispatcher sends is read as it is, and nothing else of it", () => {
  expect(parseStarted(started)).toEqual(started);
  expect(parseStarted({ ...started, extra: true })).toEqual(started);
});

test.each<[string, unknown, string]>([
  ["nothing", undefined, "at: expected milliseconds since 1970, got undefined"],
  ["null", null, "at: expected milliseconds since 1970, got undefined"],
  ["a text", "shop", "at: expected milliseconds since 1970, got undefined"],
  ["no moment", { ...started, at: undefined }, "at: expected milliseconds since 1970, got undefined"],
  ["a moment as text", { ...started, at: "2026-11-21" }, "at: expected milliseconds since 1970, got string"],
  ["a moment that is no number", { ...started, at: Number.NaN }, "at: expected milliseconds since 1970, got number"],
  ["a moment without end", { ...started, at: Number.POSITIVE_INFINITY }, "at: expected milliseconds since 1970, got number"],
  ["no group", { ...started, group: undefined }, "group: expected text, got nothing"],
  ["an empty group", { ...started, group: "" }, "group: expected text, got nothing"],
  ["a number for a service", { ...started, service: 7 }, "service: expected text, got number"],
  ["no deployment", { group: "shop", service: "shop-api", at: 1 }, "deployment: expected text, got nothing"],
  ["a list for a deployment", { ...started, deployment: ["ecs-svc/1"] }, "deployment: expected text, got object"],
  [
    "a deployment that is only inherited",
    Object.assign(Object.create({ deployment: "ecs-svc/1" }), { group: "shop", service: "shop-api", at: 1 }),
    "deployment: expected text, got nothing",
  ],
])("%s is refused by the name of its field", (_, raw, problem) => {
  expect(() => parseStarted(raw)).toThrow(`guard input: ${problem}. ${byHand}`);
});
