import { epochMs, ms, seconds } from "@nightshift/model";
import { expect, it } from "vitest";
import { answering } from "./testing/answering.ts";
import { ticksFrom } from "./ticks.ts";

const tick = { service: "worker", due: epochMs(1_795_251_615_000) };
const queue = "https://sqs.eu-central-1.amazonaws.com/123456789012/nightshift-events";
const scaler = "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-scaler";
const event = {
  version: "0",
  "detail-type": "Nightshift Scaling Tick",
  source: "nightshift",
  id: "worker/1795251615000",
  account: "123456789012",
  time: "2026-11-21T09:00:00Z",
  region: "eu-central-1",
  resources: [],
  detail: { service: "worker", due: 1_795_251_615_000 },
};

function ticking(places: { readonly queue?: string; readonly scaler?: string } = { queue, scaler }) {
  const { reach, sent } = answering({ SendMessage: () => ({}), Invoke: () => ({ StatusCode: 202 }) });
  const place = (value: string | undefined, name: string) => () => {
    if (value === undefined) throw new Error(`${name} was not given`);
    return value;
  };
  return { sent, ticks: ticksFrom(reach, { eventsQueueUrl: place(places.queue, "queue"), scalerArn: place(places.scaler, "scaler"), region: "eu-central-1" }) };
}

it("a later look is an event in the events queue, delayed by whole seconds", async () => {
  const { ticks, sent } = ticking();
  await ticks.later(tick, seconds(15));
  await ticks.later(tick, ms(14_001));
  // Commands of one kind were sent.
  const inputs = sent.map(({ input }) => input as { MessageBody: string; [more: string]: unknown });
  expect(inputs.map(({ QueueUrl, DelaySeconds }) => [QueueUrl, DelaySeconds])).toEqual([
    [queue, 15],
    [queue, 15],
  ]);
  expect(JSON.parse(inputs[0]?.MessageBody ?? "")).toEqual(event);
});

it.each([
  [0, 0],
  [900_000, 900],
])("a wait of %i ms is a delay of %i s", async (wait, delay) => {
  const { ticks, sent } = ticking();
  await ticks.later(tick, ms(wait));
  expect(sent[0]?.input).toMatchObject({ DelaySeconds: delay });
});

it.each([900_001, -1_001, Number.NaN])("a wait of %d ms is refused, and nothing is sent", async (wait) => {
  const { ticks, sent } = ticking();
  await expect(ticks.later(tick, ms(wait))).rejects.toMatchObject({ name: "PortError", kind: "invalid" });
  expect(sent).toEqual([]);
});

it("a look at once is the same event, handed to the scaler without waiting for it", async () => {
  const { ticks, sent } = ticking();
  await ticks.now(tick);
  expect(sent).toMatchObject([{ operation: "Invoke", input: { FunctionName: scaler, InvocationType: "Event" } }]);
  // The one command that was sent is an Invoke.
  const [payload] = sent.map(({ input }) => (input as { Payload: Uint8Array }).Payload);
  expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(event);
});

it("whoever has only the queue sends later looks, whoever has only the function starts them", async () => {
  const scalerSide = ticking({ queue });
  await scalerSide.ticks.later(tick, seconds(30));
  await expect(scalerSide.ticks.now(tick)).rejects.toThrow("scaler was not given");
  const starter = ticking({ scaler });
  await starter.ticks.now(tick);
  await expect(starter.ticks.later(tick, seconds(30))).rejects.toThrow("queue was not given");
});
