import { epochMs } from "@nightshift/model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAccount, type LabAccount } from "../../account.ts";
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type DynaliteStore, startDynalite } from "./dynalite.ts";

const start = epochMs(1_800_000_000_000);
const TableName = "ledger";
const Key = { pk: "a", sk: "1" };
let lab: LabAccount;
let store: DynaliteStore;
beforeEach(async () => {
  lab = createAccount({ seed: 1, startAt: start });
  lab.dynamodb.create({ name: TableName, partition: "pk", sort: "sk" });
  store = await startDynalite({ clock: lab.clock, shadow: lab.dynamodb, tables: [TableName] });
  lab.register(store);
});
afterEach(() => store.close());

const send = <T>(command: object): Promise<T> => lab.run(() => lab.client("dynamodb", "guard").send<T>(command));

describe("the lab's tables on a real engine", () => {
  test("the engine answers, and virtual time passes by the boundary's latency only", async () => {
    await send(new PutCommand({ TableName, Item: { ...Key, n: 1, gone: undefined } }));
    expect(await send(new GetCommand({ TableName, Key }))).toMatchObject({ Item: { pk: "a", sk: "1", n: 1 } });
    expect(store.answered()).toBe(2);
    expect(lab.clock.now() - start).toBeGreaterThanOrEqual(10);
    expect(lab.clock.now() - start).toBeLessThanOrEqual(90);
    expect(lab.history.map((line) => line.kind === "call" && `${line.operation} ${line.result}`)).toEqual(["Put ok", "Get ok"]);
  });

  test("what it takes reaches the lab's streams once; what it refuses changes neither", async () => {
    const seen: string[] = [];
    lab.dynamodb.table(TableName).onChange(({ kind, after }) => seen.push(`${kind} ${String(after?.["n"])}`));
    const claim = new PutCommand({ TableName, Item: { ...Key, n: 1 }, ConditionExpression: "attribute_not_exists(pk)" });
    await send(claim);
    await expect(send(claim)).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
    await send(new UpdateCommand({ TableName, Key, UpdateExpression: "SET n = n + :one", ExpressionAttributeValues: { ":one": 1 } }));
    await send(new DeleteCommand({ TableName, Key }));
    expect(seen).toEqual(["INSERT 1", "MODIFY 2", "REMOVE undefined"]);
    await store.check();
  });

  test("of two claims in one moment, one is granted", async () => {
    const claim = (n: number) => new PutCommand({ TableName, Item: { ...Key, n }, ConditionExpression: "attribute_not_exists(pk)" });
    const client = lab.client("dynamodb", "guard");
    const outcomes = await lab.run(() => Promise.allSettled([client.send(claim(1)), client.send(claim(2))]));
    expect(outcomes.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await store.check();
  });

  test("a difference between the two is told", async () => {
    await send(new PutCommand({ TableName, Item: { ...Key, n: 1 } }));
    lab.dynamodb.table(TableName).set(Key, { ...Key, n: 2 });
    await expect(store.check()).rejects.toThrow("ledger differs");
    lab.dynamodb.table(TableName).set(Key, undefined);
    await expect(store.check()).rejects.toThrow("ledger differs");
  });

  test("an operation that the lab does not model fails loudly", async () => {
    class TransactWriteCommand {
      readonly input = { TransactItems: [] };
    }
    await expect(send(new TransactWriteCommand())).rejects.toThrow("TransactWrite");
  });
});
