import { epochMs, type Incident } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { fakeTelling } from "@nightshift/runtime/testing/fake-telling";
import { expect, test } from "vitest";
import { notifyBatch, type StreamBatch } from "./entry.ts";

const incident = (id: string): Incident => ({
  id,
  service: "shop-api",
  severity: "P1",
  title: id,
  openedAt: epochMs(0),
  state: "open",
  entries: [{ key: "seen", at: epochMs(0), kind: "seen", text: `${id} was seen`, announce: true }],
});
const batch = (...keys: readonly (string | undefined)[]): StreamBatch => ({
  Records: keys.map((S, n) => ({ eventID: `e${n}`, dynamodb: { SequenceNumber: String(n), Keys: { pk: S === undefined ? {} : { S } } } })),
});
const told = ({ slack }: ReturnType<typeof fakeTelling>) => slack.map((one) => one.text);

test("each incident of a batch is told once, in the order of its first change, however often it changed", async () => {
  const world = fakeTelling(incident("a"), incident("b"));
  await notifyBatch(batch("INC#b", "INC#a", "INC#b", "INC#b"), { world, channel: "C1" });
  expect(told(world)).toEqual(["● [shop-api] P1 open · b", "00:00:00  b was seen", "● [shop-api] P1 open · a", "00:00:00  a was seen"]);
});

test.each([
  ["another kind of row", batch("REV#shop-api", "CONTROL", "INCIDENTS")],
  ["an incident that nobody knows", batch("INC#c")],
  ["a record without a key", batch(undefined)],
  ["a record without a change", { Records: [{}] }],
  ["nothing", { Records: [] }],
])("%s is not told", async (_, delivered) => {
  const world = fakeTelling(incident("a"));
  await notifyBatch(delivered, { world, channel: "C1" });
  expect(told(world)).toEqual([]);
});

test("with Slack down every urgent incident of the batch is paged, and the stream delivers again", async () => {
  const world = fakeTelling(incident("a"), incident("b"));
  world.down = new PortError("unavailable", "slack:chat.postMessage", "C1", "HTTP 503");
  for (let delivery = 0; delivery < 2; delivery++) await expect(notifyBatch(batch("INC#a", "INC#b"), { world, channel: "C1" })).rejects.toThrow("HTTP 503");
  expect(world.paged.map((one) => one.key)).toEqual(["a/page", "b/page"]);
});
