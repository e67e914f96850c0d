import { type DurableContext, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { PublishCommand } from "@aws-sdk/client-sns";
import { epochMs, hours, minutes, ms, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { type AccountSettings, createAccount, type LabAccount } from "./account.ts";
import { randomFaults } from "./boundary/fault.ts";
import { roughDelivery } from "./bus/bus.ts";
import { AwsFault, type ServiceModule } from "./kernel.ts";
import { mapQueue } from "./services/lambda/queue-mapping.ts";

const alarm = {
  source: "aws.cloudwatch",
  detailType: "CloudWatch Alarm State Change",
  resources: ["arn:aws:cloudwatch:eu-central-1:111122223333:alarm:api-5xx"],
  detail: { state: { value: "ALARM" } },
};

/** Alarm → bus → queue → dispatcher → durable flow → table and topic: the whole path in small. */
function smallWorld(settings: Partial<AccountSettings> & { readonly seed: number }): LabAccount {
  const account = createAccount(settings);
  const { kernel, lambda, sqs, bus } = account;
  account.dynamodb.create({ name: "ledger", partition: "pk", sort: "sk" });
  const topic = account.sns.create("pages");
  const queue = sqs.create({ name: "events", visibility: minutes(2), deadLetter: { queue: "dead", maxReceiveCount: 5 } });
  bus.rules(
    [
      {
        name: "guard",
        kind: "durable",
        does: "",
        events: [{ source: ["aws.cloudwatch"], detail: { state: { value: ["ALARM"] } } }],
        uses: [],
        timeoutSeconds: 60,
        memoryMb: 256,
      },
    ],
    (event) => queue.send(JSON.stringify(event)),
  );
  const ledger = account.client("dynamodb", "guard");
  lambda.register({
    name: "dispatcher",
    kind: "plain",
    timeout: seconds(20),
    handler: () => async (event) => {
      const { Records: records } = event as { readonly Records: readonly { readonly body: string }[] }; // The mapping's own shape.
      const invoke = account.client("lambda", "dispatcher");
      class InvokeCommand {
        readonly input: object;
        constructor(input: object) {
          this.input = input;
        }
      }
      for (const record of records)
        await invoke.send(
          new InvokeCommand({ FunctionName: "guard:1", InvocationType: "Event", DurableExecutionName: JSON.parse(record.body).id, Payload: record.body }),
        );
      return {};
    },
  });
  lambda.register({
    name: "guard",
    kind: "durable",
    timeout: minutes(1),
    executionTimeout: hours(1),
    handler: ({ durable }) => {
      const handler = withDurableExecution(
        async (event: { readonly id: string }, context: DurableContext) => {
          await context.step("claim", () =>
            ledger.send(
              new PutCommand({
                TableName: "ledger",
                Item: { pk: "claim", sk: event.id, at: Date.now() },
                ConditionExpression: "attribute_not_exists(pk) OR sk = :id",
                ExpressionAttributeValues: { ":id": event.id },
              }),
            ),
          );
          await context.wait("settle", { seconds: 95 });
          await context.step("page", () =>
            account.client("sns", "guard").send(new PublishCommand({ TopicArn: topic, Message: `seen ${event.id} with luck ${Math.random().toFixed(6)}` })),
          );
          return "told";
        },
        { durableExecutionClient: durable },
      );
      return (event, context) => handler(event as never, context as never); // The SDK's own event type; the engine made it.
    },
  });
  mapQueue(kernel, lambda, { queue, functionName: "dispatcher", batch: 50, window: seconds(1) });
  kernel.clock.in(seconds(10), () => kernel.emit(alarm));
  return account;
}

const night = async (settings: Partial<AccountSettings> & { readonly seed: number }): Promise<LabAccount> => {
  const account = smallWorld(settings);
  await account.pass(hours(2));
  return account;
};

const rough: Partial<AccountSettings> = {
  faults: (random) =>
    randomFaults(random, {
      share: 0.1,
      kinds: [{ kind: "crash-before" }, { kind: "crash-after" }, { kind: "throttle" }, { kind: "timeout-after" }, { kind: "unavailable" }],
      atMost: 10,
    }),
  delivery: roughDelivery({ duplicate: 0.5, drop: 0, delayUpTo: seconds(30) }),
};

describe("a lab account", () => {
  test("an alarm travels from the bus to the page, in virtual time", async () => {
    const account = await night({ seed: 7 });
    expect(account.sns.published).toHaveLength(1);
    expect(account.dynamodb.table("ledger").items).toHaveLength(1);
    expect(account.engine.executions.map((execution) => execution.status)).toEqual(["SUCCEEDED"]);
    expect(account.clock.now()).toBe(Date.UTC(2026, 10, 2, 12, 0, 0));
  });

  test("the same seed gives the same history, byte for byte; another seed another one", async () => {
    const [first, again, other] = [await night({ seed: 7 }), await night({ seed: 7 }), await night({ seed: 8 })];
    expect(again.historyText()).toBe(first.historyText());
    expect(other.historyText()).not.toBe(first.historyText());
    expect(first.history.length).toBeGreaterThan(5);
  });

  test("a rough night repeats with its seed too, also beside other labs in the same process", async () => {
    const calm = await night({ seed: 11, ...rough });
    const [again] = await Promise.all([night({ seed: 11, ...rough }), night({ seed: 12, ...rough }), night({ seed: 13 })]);
    expect(again?.historyText()).toBe(calm.historyText());
  });

  test("fifty rough nights: every execution ends well, and the same alarm is one execution", async () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const account = await night({ seed, ...rough });
      expect([seed, account.engine.executions.map((execution) => execution.status)]).toEqual([seed, ["SUCCEEDED"]]);
      expect(account.sns.published.length).toBeGreaterThanOrEqual(1);
    }
  });

  test("calls go by the command's class and are recorded with caller, input and result", async () => {
    const account = createAccount({ seed: 1 });
    account.dynamodb.create({ name: "t", partition: "pk" });
    const client = account.client("dynamodb", "ann");
    await account.run(() => client.send(new PutCommand({ TableName: "t", Item: { pk: "a", n: 1 } })));
    expect(await account.run(() => client.send(new GetCommand({ TableName: "t", Key: { pk: "a" } })))).toEqual({ Item: { pk: "a", n: 1 } });
    await expect(account.run(() => client.send(new GetCommand({ TableName: "no", Key: { pk: "a" } })))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    expect(account.history.map((line) => line.kind === "call" && [line.caller, line.operation, line.mutating, line.result])).toEqual([
      ["ann", "Put", true, "ok"],
      ["ann", "Get", false, "ok"],
      ["ann", "Get", false, "ResourceNotFoundException"],
    ]);
    expect(account.meter.calls).toEqual({ "dynamodb:Get": 2, "dynamodb:Put": 1 });
  });

  test("further services are registered by their module, and a service that is not there fails loudly", async () => {
    const ecr: ServiceModule = {
      service: "ecr",
      mutating: new Set(),
      handle: (operation) => {
        throw new AwsFault("X", operation);
      },
    };
    const account = createAccount({ seed: 1, modules: [() => ecr] });
    class DescribeImagesCommand {
      readonly input = {};
    }
    await expect(account.run(() => account.client("ecr", "x").send(new DescribeImagesCommand()))).rejects.toThrow("DescribeImages");
    await expect(account.run(async () => account.client("ecs", "x").send(new DescribeImagesCommand()))).rejects.toThrow("The lab has no ecs");
  });

  test("an API with a rate refuses the call after its burst, and takes calls again a second later", async () => {
    const account = createAccount({ seed: 1, rates: { "sns:Publish": { perSecond: 1, burst: 2 } } });
    const TopicArn = account.sns.create("t");
    const send = (): Promise<string> =>
      account
        .client("sns", "x")
        .send(new PublishCommand({ TopicArn, Message: "m" }))
        .then(
          () => "ok",
          (error: unknown) => (error instanceof Error ? error.name : "?"),
        );
    const seen = await account.run(async () => {
      const burst = [await send(), await send(), await send()];
      await account.clock.sleep(1_000);
      return [...burst, await send()];
    });
    expect(seen).toEqual(["ok", "ok", "ThrottlingException", "ok"]);
  });

  test("prices add up by call", async () => {
    const account = createAccount({ seed: 1, prices: { "sns:Publish": 0.5 } });
    const TopicArn = account.sns.create("t");
    await account.run(() => account.client("sns", "x").send(new PublishCommand({ TopicArn, Message: "m" })));
    expect(account.meter.dollars).toBe(0.5);
    expect(account.meter.total("x")).toBe(1);
  });

  test("work that waits for nothing that will come is reported", async () => {
    await expect(createAccount({ seed: 1 }).run(() => new Promise(() => {}))).rejects.toThrow("came to rest");
    const account = createAccount({ seed: 1 });
    account.clock.every(minutes(1), () => {});
    await expect(account.run(() => new Promise(() => {}), hours(1))).rejects.toThrow("came to rest");
    expect(account.clock.now()).toBe(epochMs(Date.UTC(2026, 10, 2, 11, 0, 0)));
  });

  test("stale reads are asked for by operation", () => {
    const account = createAccount({ seed: 1, staleBy: (operation) => (operation === "ecs:DescribeServices" ? seconds(10) : ms(0)) });
    expect([account.kernel.staleBy?.("ecs:DescribeServices"), account.kernel.staleBy?.("ecs:ListTasks")]).toEqual([10_000, 0]);
  });
});
