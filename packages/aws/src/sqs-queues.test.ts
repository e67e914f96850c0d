import type { BrokerReading, ProbeRequest } from "@nightshift/model";
import { minutes } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { sqsProbeFrom } from "./sqs-queues.ts";
import { answering, awsError } from "./testing/answering.ts";

const asked = (queues: readonly string[], change: Partial<ProbeRequest> = {}): ProbeRequest => ({
  broker: { kind: "sqs", queueNamePrefix: "", visibilityTimeout: minutes(30) },
  queues,
  heartbeats: false,
  acksLate: false,
  ...change,
});

/** An account whose queues hold what `queues` says, by SQS name. */
const account = (queues: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
  const missing = () => awsError("QueueDoesNotExist", 400);
  return answering({
    GetQueueUrl: ({ QueueName }: { readonly QueueName: string }) => {
      if (queues[QueueName] === undefined) throw missing();
      return { QueueUrl: `https://sqs.eu-central-1.amazonaws.com/123456789012/${QueueName}` };
    },
    GetQueueAttributes: ({ QueueUrl, AttributeNames }: { readonly QueueUrl: string; readonly AttributeNames: readonly string[] }) => {
      const held = queues[QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1)];
      if (held === undefined) throw missing();
      return { Attributes: Object.fromEntries(Object.entries(held).filter(([name]) => AttributeNames.includes(name))) };
    },
  });
};

const three = (waiting: number, held: number, delayed: number) => ({
  ApproximateNumberOfMessages: String(waiting),
  ApproximateNumberOfMessagesNotVisible: String(held),
  ApproximateNumberOfMessagesDelayed: String(delayed),
  MessageRetentionPeriod: "345600",
});

const seen = (reading: BrokerReading) => {
  if (reading.kind !== "seen") throw new Error(`expected a reading, got: ${reading.because}`);
  return reading;
};
const values = (reading: BrokerReading) =>
  seen(reading).queues.map((queue) => [queue.queue, queue.waiting?.value, queue.reserved?.value, queue.running?.value, queue.dueLater?.value]);

describe("a look at SQS", () => {
  it("tells waiting, held and delayed apart, with the doubt that SQS itself has about its counts", async () => {
    const reading = await sqsProbeFrom(account({ celery: three(7, 3, 2) }).reach)(asked(["celery"]));
    expect(values(reading)).toEqual([["celery", 7, 3, undefined, 2]]);
    expect(seen(reading).queues[0]?.waiting).toEqual({
      value: 7,
      at: Date.UTC(2026, 10, 21, 9, 0, 0),
      confidence: 0.9,
      how: "ApproximateNumberOfMessages, which SQS counts approximately",
    });
    expect(seen(reading).doubts).toEqual([]);
  });

  it("counts what is in flight as running under late acknowledgement, because nobody can say what has begun", async () => {
    const reading = await sqsProbeFrom(account({ celery: three(0, 3, 0) }).reach)(asked(["celery"], { acksLate: true }));
    expect(values(reading)).toEqual([["celery", 0, 0, 3, 0]]);
    expect(seen(reading).queues[0]?.running?.confidence).toBe(0.5);
  });

  it("knows nothing of arrivals, ends, age or workers", async () => {
    const reading = seen(await sqsProbeFrom(account({ celery: three(7, 3, 2) }).reach)(asked(["celery"], { heartbeats: true })));
    expect([reading.counters, reading.workers]).toEqual([undefined, undefined]);
    expect([reading.queues[0]?.arrived, reading.queues[0]?.finished, reading.queues[0]?.oldest]).toEqual([undefined, undefined, undefined]);
  });

  it("asks one call a queue, and the URL of each only once", async () => {
    const { reach, sent } = account({ a: three(1, 0, 0), b: three(2, 0, 0) });
    const probe = sqsProbeFrom(reach);
    await probe(asked(["a", "b"]));
    expect(sent).toHaveLength(4);
    await probe(asked(["a", "b"]));
    expect(sent.slice(4).map((one) => one.operation)).toEqual(["GetQueueAttributes", "GetQueueAttributes"]);
  });

  it("asks for three attributes and not for all", async () => {
    const { reach, sent } = account({ celery: three(1, 0, 0) });
    await sqsProbeFrom(reach)(asked(["celery"]));
    expect(sent[1]?.input).toEqual({
      QueueUrl: "https://sqs.eu-central-1.amazonaws.com/123456789012/celery",
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"],
    });
  });

  it.each([
    ["", "celery", "celery"],
    ["shop-", "celery", "shop-celery"],
    ["", "billing.high", "billing-high"],
    ["", "a@b/c:d_e-f", "a_b_c_d_e-f"],
    ["", "or^ders~x`", "or_ders_x_"],
    ["shop-", "orders.eu.fifo", "shop-orders-eu.fifo"],
  ])("with the prefix %j, Celery's queue %s is SQS's %s", async (queueNamePrefix, queue, name) => {
    const request = asked([queue], { broker: { kind: "sqs", queueNamePrefix, visibilityTimeout: minutes(30) } });
    expect(values(await sqsProbeFrom(account({ [name]: three(4, 0, 0) }).reach)(request))).toEqual([[queue, 4, 0, undefined, 0]]);
  });
});

describe("what SQS does not say is unknown", () => {
  it("a queue that is not there is a doubt and no zero, beside one that is", async () => {
    const reading = await sqsProbeFrom(account({ celery: three(7, 3, 2) }).reach)(asked(["celery", "cellery"]));
    expect(values(reading)).toEqual([
      ["celery", 7, 3, undefined, 2],
      ["cellery", undefined, undefined, undefined, undefined],
    ]);
    expect(seen(reading).doubts).toEqual(["SQS has no queue cellery here: nobody created it yet, or name, prefix, account or region are others"]);
  });

  it("a queue that was deleted is looked for again by its name, and found when it is back", async () => {
    const queues: Record<string, ReturnType<typeof three>> = { celery: three(7, 0, 0) };
    const { reach, sent } = account(queues);
    const probe = sqsProbeFrom(reach);
    await probe(asked(["celery"]));
    delete queues["celery"];
    expect(values(await probe(asked(["celery"])))).toEqual([["celery", undefined, undefined, undefined, undefined]]);
    queues["celery"] = three(5, 0, 0);
    expect(values(await probe(asked(["celery"])))).toEqual([["celery", 5, 0, undefined, 0]]);
    expect(sent.map((one) => one.operation)).toEqual(["GetQueueUrl", "GetQueueAttributes", "GetQueueAttributes", "GetQueueUrl", "GetQueueAttributes"]);
  });

  it.each([
    ["no attributes at all", {}],
    ["one that is no number", { ...three(7, 3, 2), ApproximateNumberOfMessages: "many" }],
    ["one that is left out", { ApproximateNumberOfMessages: "7", ApproximateNumberOfMessagesDelayed: "0" }],
  ])("an answer with %s is doubted", async (_what, attributes) => {
    const reading = seen(await sqsProbeFrom(account({ celery: attributes }).reach)(asked(["celery"])));
    expect(reading.doubts).toEqual(["SQS did not count what celery holds"]);
    expect([reading.queues[0]?.waiting, reading.queues[0]?.reserved]).toContain(undefined);
  });

  it.each([
    ["AccessDenied", 403, "sqs:GetQueueUrl on celery: AccessDenied: AccessDenied happened"],
    ["InternalError", 500, "sqs:GetQueueUrl on celery: InternalError: InternalError happened"],
  ])("an account that answers %s is unknown, in words", async (name, status, because) => {
    const { reach } = answering({
      GetQueueUrl: () => {
        throw awsError(name, status);
      },
    });
    expect(await sqsProbeFrom(reach)(asked(["celery"]))).toEqual({ kind: "unknown", at: Date.UTC(2026, 10, 21, 9, 0, 0), broker: "sqs", because });
  });

  it("another broker is not taken for SQS", async () => {
    const broker = { kind: "rabbitmq", secret: "S", managementSecret: undefined } as const;
    expect((await sqsProbeFrom(account({}).reach)(asked(["celery"], { broker }))).kind).toBe("unknown");
  });
});
