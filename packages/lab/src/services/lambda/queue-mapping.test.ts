import { minutes, ms, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { createAccount, type LabAccount } from "../../account.ts";
import type { LambdaHandler } from "./function.ts";
import { mapQueue } from "./queue-mapping.ts";

const bodies = (event: unknown): string[] => (event as { readonly Records: { readonly body: string }[] }).Records.map(({ body }) => body); // The mapping's own shape.
const idsOf = (event: unknown): string[] => (event as { readonly Records: { readonly messageId: string }[] }).Records.map(({ messageId }) => messageId);
const sleep = (length: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, length);
  });

function fed(handler: LambdaHandler, concurrency = 5): LabAccount {
  const account = createAccount({ seed: 1 });
  account.lambda.register({ name: "f", kind: "plain", timeout: seconds(20), handler: () => handler });
  const queue = account.sqs.create({ name: "q.fifo", fifo: true, visibility: seconds(30), deadLetter: { queue: "dead.fifo", maxReceiveCount: 3 } });
  mapQueue(account.kernel, account.lambda, { queue, functionName: "f", batch: 10, window: ms(0), concurrency });
  return account;
}
let numbered = 0;
const send = (account: LabAccount, group: string, body: string, deduplication = `d${numbered++}`): string =>
  account.sqs.queue("q.fifo").send(body, { group, deduplication });

describe("a FIFO queue", () => {
  const queue = () => createAccount({ seed: 1 }).sqs.create({ name: "q.fifo", fifo: true });

  test("delivers a deduplication id once in five minutes, also after it was deleted", async () => {
    const account = createAccount({ seed: 1 });
    const q = account.sqs.create({ name: "q.fifo", fifo: true });
    const first = q.send("a", { group: "g", deduplication: "1" });
    for (const { receiptHandle } of q.receive(10)) q.delete(receiptHandle);
    expect(q.send("a", { group: "g", deduplication: "1" })).toBe(first);
    await account.pass(ms(299_999));
    q.send("a", { group: "g", deduplication: "1" });
    expect(q.bodies).toEqual([]);
    await account.pass(ms(1));
    q.send("a", { group: "g", deduplication: "1" });
    expect(q.bodies).toEqual(["a"]);
  });

  test("gives nothing of a group while one of it is in flight; other groups go on", () => {
    const q = queue();
    for (const [group, body] of [
      ["g", "g1"],
      ["h", "h1"],
      ["g", "g2"],
    ] as const)
      q.send(body, { group, deduplication: body });
    const [g1] = q.receive(1);
    expect(g1?.body).toBe("g1");
    expect(q.receive(10).map(({ body }) => body)).toEqual(["h1"]);
    q.delete(g1?.receiptHandle ?? "");
    expect(q.receive(10).map(({ body }) => body)).toEqual(["g2"]);
  });

  test.each([
    [{ deduplication: "1" }, "MessageGroupId"],
    [{ group: "g" }, "MessageDeduplicationId"],
    [{ group: "g", deduplication: "1", delay: seconds(1) }, "delay"],
  ])("refuses %j", (sending, says) => {
    expect(() => queue().send("a", sending)).toThrow(says);
  });

  test("is named .fifo, and so is its dead-letter queue", () => {
    const { sqs } = createAccount({ seed: 1 });
    expect(() => sqs.create({ name: "q", fifo: true })).toThrow(".fifo");
    expect(() => sqs.create({ name: "q.fifo" })).toThrow(".fifo");
    sqs.create({ name: "dead" });
    expect(() => sqs.create({ name: "q.fifo", fifo: true, deadLetter: { queue: "dead", maxReceiveCount: 3 } })).toThrow("dead-letter queue");
  });

  test("is used through the API with group and id", () => {
    const { sqs } = createAccount({ seed: 1 });
    const q = sqs.create({ name: "q.fifo", fifo: true });
    sqs.handle("SendMessage", { QueueUrl: q.url, MessageBody: "a", MessageGroupId: "g", MessageDeduplicationId: "1" });
    expect(sqs.handle("ReceiveMessage", { QueueUrl: q.url })).toMatchObject({
      Messages: [{ Body: "a", Attributes: { MessageGroupId: "g", MessageDeduplicationId: "1" } }],
    });
  });
});

describe("a FIFO queue that feeds a function", () => {
  test("a group's batches come one after another, in order; groups side by side", async () => {
    const seen: string[] = [];
    const account = fed(async (event) => {
      seen.push(`> ${bodies(event).join()}`);
      await sleep(1_000);
      seen.push(`< ${bodies(event).join()}`);
    });
    for (const body of ["g1", "g2"]) send(account, "g", body);
    send(account, "h", "h1");
    account.clock.in(ms(500), () => send(account, "g", "g3"));
    await account.pass(minutes(1));
    expect(seen).toEqual(["> g1,g2", "> h1", "< g1,g2", "< h1", "> g3", "< g3"]);
    expect(account.sqs.queue("q.fifo").bodies).toEqual([]);
  });

  test("a batch has at most ten messages", async () => {
    const sizes: number[] = [];
    const account = fed(async (event) => void sizes.push(bodies(event).length));
    for (let n = 0; n < 12; n++) send(account, "g", String(n));
    await account.pass(minutes(1));
    expect(sizes).toEqual([10, 2]);
  });

  test("what failed holds back its group, and no other, until it is visible again; in the end it is buried", async () => {
    const seen: [number, string][] = [];
    const account = fed(async (event) => {
      for (const body of bodies(event)) seen.push([Date.now() - start, body]);
      return {
        batchItemFailures: idsOf(event)
          .filter((_id, n) => bodies(event)[n] === "bad")
          .map((itemIdentifier) => ({ itemIdentifier })),
      };
    });
    const start = account.clock.now();
    send(account, "g", "bad");
    account.clock.in(seconds(1), () => send(account, "g", "g2"));
    account.clock.in(seconds(1), () => send(account, "h", "h1"));
    await account.pass(minutes(5));
    expect(seen.map(([at, body]) => [Math.round(at / 1_000), body])).toEqual([
      [0, "bad"],
      [1, "h1"],
      [30, "bad"],
      [30, "g2"],
      [60, "bad"],
    ]);
    expect(account.sqs.queue("dead.fifo").bodies).toEqual(["bad"]);
  });

  test.each([
    ["more than ten messages", 11, 0],
    ["a window", 10, 1_000],
  ])("a mapping with %s is refused", (_, batch, window) => {
    const account = createAccount({ seed: 1 });
    const queue = account.sqs.create({ name: "q.fifo", fifo: true });
    expect(() => mapQueue(account.kernel, account.lambda, { queue, functionName: "f", batch, window: ms(window) })).toThrow("FIFO");
  });
});

describe("a standard queue in a storm", () => {
  const storm = async (count: number, mapping: { readonly pollers?: number; readonly body?: string } = {}): Promise<{ sizes: number[]; at: number[] }> => {
    const account = createAccount({ seed: 1 });
    const found = { sizes: [] as number[], at: [] as number[] };
    const start = account.clock.now();
    account.lambda.register({
      name: "f",
      kind: "plain",
      timeout: seconds(20),
      handler: () => async (event) => {
        found.sizes.push(bodies(event).length);
        found.at.push(Date.now() - start);
      },
    });
    const queue = account.sqs.create({ name: "q" });
    mapQueue(account.kernel, account.lambda, {
      queue,
      functionName: "f",
      batch: 1_000,
      window: seconds(1),
      ...(mapping.pollers === undefined ? {} : { pollers: mapping.pollers }),
    });
    for (let n = 0; n < count; n++) queue.send(mapping.body ?? "x");
    await account.pass(minutes(1));
    return found;
  };

  test("999 messages wait for their window, 1,000 are a batch at once", async () => {
    expect(await storm(999)).toEqual({ sizes: [999], at: [1_000] });
    expect((await storm(1_000)).at).toEqual([20]);
    expect((await storm(2_500)).sizes).toEqual([1_000, 1_000, 500]);
  });

  test("a burst is spread over the pollers; ten messages or fewer are one poller's", async () => {
    expect((await storm(500, { pollers: 5 })).sizes).toEqual([100, 100, 100, 100, 100]);
    expect((await storm(10, { pollers: 5 })).sizes).toEqual([10]);
  });

  test("an invocation carries 6 MB at most", async () => {
    const { sizes } = await storm(40, { body: "x".repeat(262_144) });
    expect(sizes).toEqual([23, 17]);
  });

  test("a batch of more than ten needs a window of a second", () => {
    const account = createAccount({ seed: 1 });
    const queue = account.sqs.create({ name: "q" });
    const map = (window: number) => () => mapQueue(account.kernel, account.lambda, { queue, functionName: "f", batch: 11, window: ms(window) });
    expect(map(999)).toThrow("window");
    expect(map(1_000)).not.toThrow();
  });
});
