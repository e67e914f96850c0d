import { once } from "node:events";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import dynalite from "dynalite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AwsFault } from "../../kernel.ts";
import { type StoreCase, storeCases } from "./contract.ts";
import { marshalledItem } from "./marshall.ts";
import { Dynamo } from "./module.ts";
import type { Change } from "./table.ts";

type Ask = (step: StoreCase) => Promise<unknown>;

async function check(step: StoreCase, ask: Ask): Promise<void> {
  const answer = await ask(step).catch((error: unknown) => error);
  if (step.refuses !== undefined) expect(answer).toMatchObject({ name: step.refuses });
  else expect(answer).toMatchObject(step.answers ?? {});
  if (step.answers && !("Item" in step.answers)) expect(answer).not.toHaveProperty("Item");
}

describe("the lab's store", () => {
  const store = new Dynamo();
  store.create({ name: "ttt", partition: "pk", sort: "sk" });
  test("answers every call of the contract", async () => {
    for (const step of storeCases)
      await check(step, async (one) => store.handle(one.operation, one.input)).catch((cause: unknown) => {
        throw new Error(step.says, { cause });
      });
  });
});

describe("dynalite, a real engine", () => {
  const server = dynalite({ createTableMs: 0 });
  let documents: DynamoDBDocumentClient;
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: "eu-central-1",
      credentials: { accessKeyId: "x", secretAccessKey: "x" },
      maxAttempts: 1,
    });
    await client.send(
      new CreateTableCommand({
        TableName: "ttt",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "sk", AttributeType: "S" },
        ],
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
      }),
    );
    documents = DynamoDBDocumentClient.from(client);
  });
  afterAll(() => {
    documents.destroy();
    server.close();
  });

  const commands = {
    Get: GetCommand,
    Put: PutCommand,
    Update: UpdateCommand,
    Delete: DeleteCommand,
    Query: QueryCommand,
    BatchGet: BatchGetCommand,
    BatchWrite: BatchWriteCommand,
  };
  test("answers every call of the contract just so", async () => {
    for (const step of storeCases) {
      // Each row's input was written for its own command; the table of commands cannot say that.
      const ask: Ask = (one) => documents.send(new commands[one.operation](one.input as never) as GetCommand);
      await check(step, ask).catch((cause: unknown) => {
        throw new Error(step.says, { cause });
      });
    }
  });
});

describe("what only the lab's store can show", () => {
  const fresh = (): Dynamo => {
    const store = new Dynamo();
    store.create({ name: "t", partition: "pk", indexes: { byKind: { partition: "kind", sort: "at" } } });
    return store;
  };

  test("values are copied on the way in and out", () => {
    const store = fresh();
    const item = { pk: "a", list: [1] };
    store.handle("Put", { TableName: "t", Item: item });
    item.list.push(2);
    expect(store.handle("Get", { TableName: "t", Key: { pk: "a" } })).toEqual({ Item: { pk: "a", list: [1] } });
  });

  test("a change is announced once, with its images; writing the same again is no change", () => {
    const store = fresh();
    const changes: Change[] = [];
    store.table("t").onChange((change) => changes.push(change));
    for (const n of [1, 1, 2]) store.handle("Put", { TableName: "t", Item: { pk: "a", n } });
    store.handle("Delete", { TableName: "t", Key: { pk: "a" } });
    expect(changes.map((change) => [change.kind, change.before?.["n"], change.after?.["n"], change.sequence])).toEqual([
      ["INSERT", undefined, 1, 1],
      ["MODIFY", 1, 2, 2],
      ["REMOVE", 2, undefined, 3],
    ]);
  });

  test("an index is queried by its own keys, and leaves out items without them", () => {
    const store = fresh();
    for (const [pk, at] of [
      ["a", 3],
      ["b", 1],
      ["c", undefined],
    ] as const)
      store.handle("Put", { TableName: "t", Item: { pk, kind: "k", at } });
    expect(
      store.handle("Query", { TableName: "t", IndexName: "byKind", KeyConditionExpression: "kind = :k", ExpressionAttributeValues: { ":k": "k" } }),
    ).toMatchObject({ Items: [{ pk: "b" }, { pk: "a" }] });
  });

  test("a failed condition can show what stands there", () => {
    const store = fresh();
    store.handle("Put", { TableName: "t", Item: { pk: "a", by: "ann" } });
    expect(() =>
      store.handle("Put", {
        TableName: "t",
        Item: { pk: "a" },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    ).toThrow(expect.objectContaining({ name: "ConditionalCheckFailedException", Item: { pk: "a", by: "ann" } }));
  });

  test("a batch can leave elements unprocessed", () => {
    const store = fresh();
    store.leaveUnprocessed = () => true;
    const request = { PutRequest: { Item: { pk: "a" } } };
    expect(store.handle("BatchWrite", { RequestItems: { t: [request] } })).toEqual({ UnprocessedItems: { t: [request] } });
    expect(store.table("t").items).toEqual([]);
  });

  test("a page goes on after an item that was deleted meanwhile", () => {
    const store = new Dynamo();
    store.create({ name: "t", partition: "pk", sort: "sk" });
    for (const sk of ["a", "c", "d"]) store.handle("Put", { TableName: "t", Item: { pk: "p", sk } });
    const next = (forward: boolean): unknown =>
      store.handle("Query", {
        TableName: "t",
        KeyConditionExpression: "pk = :p",
        ExpressionAttributeValues: { ":p": "p" },
        ExclusiveStartKey: { pk: "p", sk: "b" },
        ScanIndexForward: forward,
      });
    expect(next(true)).toMatchObject({ Items: [{ sk: "c" }, { sk: "d" }] });
    expect(next(false)).toMatchObject({ Items: [{ sk: "a" }] });
  });

  test("an operation that is not modelled fails loudly", () => {
    expect(() => fresh().handle("Scan", { TableName: "t" })).toThrow(AwsFault);
  });

  test("stream images are written as DynamoDB's wire writes them", () => {
    expect(marshalledItem({ s: "x", n: 1, b: true, z: null, l: ["x", 2], m: { k: "v" }, t: new Set(["a"]), u: new Set([1]) })).toEqual({
      s: { S: "x" },
      n: { N: "1" },
      b: { BOOL: true },
      z: { NULL: true },
      l: { L: [{ S: "x" }, { N: "2" }] },
      m: { M: { k: { S: "v" } } },
      t: { SS: ["a"] },
      u: { NS: ["1"] },
    });
  });
});
