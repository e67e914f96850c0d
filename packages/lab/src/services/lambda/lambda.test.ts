import { epochMs, hours, minutes, ms, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { createAccount, type LabAccount } from "../../account.ts";
import { currentScope, never } from "../../time/scope.ts";
import type { LambdaHandler } from "./function.ts";
import { mapQueue, visibilityFor } from "./queue-mapping.ts";
import { onSchedule, readSchedule, untilNext } from "./schedule.ts";
import { mapStream } from "./stream-mapping.ts";

const start = Date.UTC(2026, 10, 2, 10, 0, 0);
const withFunction = (handler: LambdaHandler, more: { readonly deadLetterQueue?: string } = {}): LabAccount => {
  const account = createAccount({ seed: 1 });
  account.sqs.create({ name: "dead" });
  account.lambda.register({ name: "f", kind: "plain", timeout: seconds(20), handler: () => handler, ...more });
  return account;
};
const die = (): Promise<never> => {
  currentScope()?.invocation?.kill("out of memory");
  return never();
};
const bodies = (event: unknown): string[] => (event as { readonly Records: { readonly body: string }[] }).Records.map((record) => record.body); // The mapping's own shape.
const idsOf = (event: unknown): string[] => (event as { readonly Records: { readonly messageId: string }[] }).Records.map((record) => record.messageId);

describe("an invocation", () => {
  test("answers with what the function returned", async () => {
    const account = withFunction(async (event) => ({ got: event }));
    const answer = await account.run(async () => account.lambda.handle("Invoke", { FunctionName: "f", Payload: '{"a":1}' }));
    expect(answer).toMatchObject({ StatusCode: 200, Payload: new Uint8Array(Buffer.from('{"got":{"a":1}}')) });
  });

  test("carries the function's error in the answer", async () => {
    const account = withFunction(async () => {
      throw new RangeError("no");
    });
    const answer = await account.run(async () => account.lambda.handle("Invoke", { FunctionName: "f" }));
    expect(answer).toMatchObject({
      FunctionError: "Unhandled",
      Payload: new Uint8Array(Buffer.from('{"errorType":"RangeError","errorMessage":"RangeError: no"}')),
    });
  });

  test("of an unknown function is refused", () => {
    expect(() => withFunction(async () => 1).lambda.handle("Invoke", { FunctionName: "g" })).toThrow(
      expect.objectContaining({ name: "ResourceNotFoundException" }),
    );
  });

  test("an asynchronous one is tried again after one and after two minutes, then goes to the dead-letter queue", async () => {
    const at: number[] = [];
    const account = withFunction(
      async () => {
        at.push(Date.now() - start);
        throw new Error("down");
      },
      { deadLetterQueue: "dead" },
    );
    account.lambda.handle("Invoke", { FunctionName: "f", InvocationType: "Event", Payload: '{"a":1}' });
    await account.pass(hours(1));
    expect(at).toEqual([0, 60_000, 180_000]);
    expect(account.sqs.queue("dead").bodies).toEqual(['{"a":1}']);
  });

  test("a function that outlives its timeout has failed", async () => {
    const account = withFunction(
      () =>
        new Promise((resolve) => {
          setTimeout(resolve, 20_001);
        }),
    );
    const result = await account.run(() => account.lambda.run("f", {}));
    expect(result).toEqual({ ok: false, because: "timed out after 20 s", errorType: "Runtime.ExitError" });
  });
});

describe("a queue that feeds a function", () => {
  const fed = (handler: LambdaHandler, batch = 10): LabAccount => {
    const account = withFunction(handler);
    const queue = account.sqs.create({ name: "q", visibility: minutes(2), deadLetter: { queue: "dead", maxReceiveCount: 3 } });
    mapQueue(account.kernel, account.lambda, { queue, functionName: "f", batch, window: seconds(1) });
    return account;
  };

  test("messages are gathered for the window and deleted when the function is done", async () => {
    const seen: string[][] = [];
    const account = fed(async (event) => {
      seen.push(bodies(event));
    });
    for (const body of ["a", "b"]) account.sqs.queue("q").send(body);
    account.clock.in(ms(900), () => account.sqs.queue("q").send("c"));
    account.clock.in(seconds(5), () => account.sqs.queue("q").send("d"));
    await account.pass(minutes(10));
    expect(seen).toEqual([["a", "b", "c"], ["d"]]);
    expect(account.sqs.queue("q").bodies).toEqual([]);
  });

  test("a batch is never larger than asked for", async () => {
    const sizes: number[] = [];
    const account = fed(async (event) => {
      sizes.push(bodies(event).length);
    }, 2);
    for (let i = 0; i < 5; i += 1) account.sqs.queue("q").send(String(i));
    await account.pass(minutes(1));
    expect(sizes).toEqual([2, 2, 1]);
  });

  test("only what the function named comes back, after the visibility timeout, and is buried in the end", async () => {
    const seen: string[][] = [];
    const account = fed(async (event) => {
      seen.push(bodies(event));
      const bad = bodies(event).indexOf("bad");
      return bad < 0 ? {} : { batchItemFailures: [{ itemIdentifier: idsOf(event)[bad] }] };
    });
    for (const body of ["good", "bad"]) account.sqs.queue("q").send(body);
    await account.pass(minutes(30));
    expect(seen).toEqual([["good", "bad"], ["bad"], ["bad"]]);
    expect(account.sqs.queue("dead").bodies).toEqual(["bad"]);
  });

  test("a function that dies, throws, or names a stranger, gets the whole batch again", async () => {
    const seen: string[][] = [];
    const account = fed(async (event) => {
      seen.push(bodies(event));
      if (seen.length === 1) return die();
      if (seen.length === 2) return { batchItemFailures: [{ itemIdentifier: "stranger" }] };
      return {};
    });
    for (const body of ["a", "b"]) account.sqs.queue("q").send(body);
    await account.pass(minutes(30));
    expect(seen).toEqual([
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
    ]);
    expect(account.sqs.queue("dead").bodies).toEqual([]);
  });

  test("a visibility timeout is six times the function's, and the window", () => {
    expect(visibilityFor(seconds(20), seconds(1))).toBe(121_000);
  });
});

describe("a queue", () => {
  test("hides a received message, and shows it again", async () => {
    const { sqs, pass } = createAccount({ seed: 1 });
    const queue = sqs.create({ name: "q", visibility: seconds(30) });
    sqs.handle("SendMessage", { QueueUrl: queue.url, MessageBody: "a" });
    expect(sqs.handle("ReceiveMessage", { QueueUrl: queue.url })).toMatchObject({ Messages: [{ Body: "a", Attributes: { ApproximateReceiveCount: "1" } }] });
    expect(sqs.handle("ReceiveMessage", { QueueUrl: queue.url })).toEqual({ Messages: [] });
    await pass(ms(29_999));
    expect(queue.depth).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await pass(ms(1));
    expect(sqs.handle("ReceiveMessage", { QueueUrl: queue.url })).toMatchObject({ Messages: [{ Attributes: { ApproximateReceiveCount: "2" } }] });
  });

  test("a delayed message is not seen before its time, and a deleted one never again", async () => {
    const { sqs, pass } = createAccount({ seed: 1 });
    const queue = sqs.create({ name: "q" });
    sqs.handle("SendMessage", { QueueUrl: queue.url, MessageBody: "a", DelaySeconds: 15 });
    expect(queue.receive(1)).toEqual([]);
    await pass(seconds(15));
    const [message] = queue.receive(1);
    sqs.handle("DeleteMessage", { QueueUrl: queue.url, ReceiptHandle: message?.receiptHandle });
    await pass(minutes(5));
    expect(queue.bodies).toEqual([]);
  });

  test("a batch takes ten entries and no more; an unknown queue is refused", () => {
    const { sqs } = createAccount({ seed: 1 });
    const queue = sqs.create({ name: "q" });
    const entries = (n: number): object[] => Array.from({ length: n }, (_none, i) => ({ Id: String(i), MessageBody: "x" }));
    expect(sqs.handle("SendMessageBatch", { QueueUrl: queue.url, Entries: entries(10) })).toMatchObject({ Failed: [] });
    expect(() => sqs.handle("SendMessageBatch", { QueueUrl: queue.url, Entries: entries(11) })).toThrow(
      expect.objectContaining({ name: "TooManyEntriesInBatchRequest" }),
    );
    expect(() => sqs.handle("SendMessage", { QueueUrl: "https://x/1/none", MessageBody: "x" })).toThrow(expect.objectContaining({ name: "QueueDoesNotExist" }));
  });
});

describe("a stream that feeds a function", () => {
  test("changes of the wanted keys arrive in order per key, again and again until they are taken", async () => {
    const seen: string[] = [];
    let failures = 2;
    const account = withFunction(async (event) => {
      const { Records: records } = event as {
        readonly Records: {
          readonly dynamodb: { readonly Keys: { readonly pk: { readonly S: string } }; readonly NewImage: { readonly n: { readonly N: string } } };
        }[];
      }; // The mapping's own shape.
      if (failures > 0) {
        failures -= 1;
        throw new Error("not yet");
      }
      for (const { dynamodb } of records) seen.push(`${dynamodb.Keys.pk.S}=${dynamodb.NewImage.n.N}`);
    });
    const table = account.dynamodb.create({ name: "t", partition: "pk" });
    mapStream(account.kernel, account.lambda, { table, functionName: "f", keyPrefixes: ["incident#"] });
    for (const [pk, n] of [
      ["incident#1", 1],
      ["other", 9],
      ["incident#1", 2],
      ["incident#1", 3],
    ] as const)
      account.dynamodb.handle("Put", { TableName: "t", Item: { pk, n } });
    await account.pass(minutes(1));
    expect(seen).toEqual(["incident#1=1", "incident#1=2", "incident#1=3"]);
  });

  test("a batch whose retries are spent is dropped, and the next one comes", async () => {
    let calls = 0;
    const account = withFunction(async () => {
      calls += 1;
      throw new Error("poison");
    });
    const table = account.dynamodb.create({ name: "t", partition: "pk" });
    mapStream(account.kernel, account.lambda, { table, functionName: "f", keyPrefixes: [""], retries: 2 });
    account.dynamodb.handle("Put", { TableName: "t", Item: { pk: "a" } });
    await account.pass(minutes(1));
    expect(calls).toBe(3);
    expect(account.history.some((line) => line.kind === "world" && line.what === "stream-batch-dropped")).toBe(true);
  });
});

describe("a schedule", () => {
  test.each([
    ["rate(1 minute)", 60_000],
    ["rate(2 hours)", 7_200_000],
    ["cron(30 10 * * ? *)", 1_800_000],
    ["cron(0 10 * * ? *)", 86_400_000],
    ["cron(59 9 * * ? *)", 86_340_000],
    ["cron(15 * * * ? *)", 900_000],
    ["cron(30 10 2 * ? *)", 1_800_000],
    ["cron(0 10 2 * ? *)", 2_592_000_000],
    ["cron(0 10 3 * ? *)", 86_400_000],
  ])("%s rings first after %d ms, seen from ten o'clock", (expression, wait) => {
    expect(untilNext(readSchedule(expression), epochMs(start))).toBe(wait);
  });

  test.each(["rate(0 minutes)", "rate(5 weeks)", "cron(60 1 * * ? *)", "cron(0 24 * * ? *)", "cron(0 1 29 * ? *)", "daily"])("%s is refused", (expression) => {
    expect(() => readSchedule(expression)).toThrow("cannot read the schedule");
  });

  test("rings again and again, with EventBridge's event", async () => {
    const account = createAccount({ seed: 1 });
    const events: unknown[] = [];
    onSchedule(account.kernel, { name: "sweep", expression: "rate(20 minutes)" }, (event) => events.push(event));
    await account.pass(hours(1));
    expect(events).toHaveLength(3);
    expect(events[0]).toMatchObject({
      source: "aws.events",
      "detail-type": "Scheduled Event",
      time: "2026-11-02T10:20:00Z",
      resources: ["arn:aws:events:eu-central-1:111122223333:rule/sweep"],
    });
  });
});
