import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { AwsFault, type ServiceModule } from "../../kernel.ts";
import type { VirtualClock } from "../../time/clock.ts";
import { inScope, outsideLab } from "../../time/scope.ts";
import { notModelled } from "../input.ts";
import type { Dynamo } from "./module.ts";
import type { Table, TableSettings } from "./table.ts";

/** What the store needs: the lab's clock, its own store, and the tables that both have. */
export interface DynaliteSettings {
  readonly clock: VirtualClock;
  /** The lab's store: takes every write that the engine took, and so feeds streams and checkers. */
  readonly shadow: Dynamo;
  readonly tables: readonly string[];
}

/** The lab's `dynamodb` on a real engine: the SDK's own document client, HTTP over loopback, dynalite behind it. */
export interface DynaliteStore extends ServiceModule {
  /** How many requests the engine answered, refusals included. */
  readonly answered: () => number;
  /** Compares every table, item by item, with the lab's own store. @throws when they differ. */
  readonly check: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts an engine on a free port of loopback, with empty tables keyed as the shadow's are. */
export const startDynalite = ({ clock, shadow, tables }: DynaliteSettings): Promise<DynaliteStore> =>
  outsideLab(async (): Promise<DynaliteStore> => {
    const { url, stop } = await listening();
    const { send, scan, create, destroy } = await documentsAt(url);
    const held = tables.map((name) => shadow.table(name));
    for (const table of held) await create(table.settings);

    let answered = 0;
    // One request at a time, so that both stores see the writes in one order and a seed keeps its history.
    let before: Promise<unknown> = Promise.resolve();
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
      const turn = before.then(work, work);
      before = turn.catch(() => undefined);
      return turn;
    };
    const carryOut = async (operation: string, input: unknown): Promise<unknown> => {
      const answer = await send(operation, input).finally(() => (answered += 1));
      // Its listeners are the account's streams: they belong to the lab's time again.
      if (shadow.mutating.has(operation)) inScope(clock.world, () => repeat(shadow, operation, input));
      return answer;
    };
    return {
      service: "dynamodb",
      mutating: shadow.mutating,
      handle: (operation, input) => clock.external(() => inTurn(() => carryOut(operation, input))),
      answered: () => answered,
      check: () =>
        outsideLab(async () => {
          for (const table of held) refuseDifference(table, await scan(table.settings.name));
        }),
      close: () =>
        outsideLab(async () => {
          destroy();
          await stop();
        }),
    };
  });

/** A write that the engine took must be one that the lab's store takes. */
function repeat(shadow: Dynamo, operation: string, input: unknown): void {
  try {
    shadow.handle(operation, structuredClone(input));
  } catch (cause) {
    if (cause instanceof AwsFault) throw new Error(`dynalite took a ${operation} that the lab's store refuses: ${cause.message}`, { cause });
    throw cause;
  }
}

function refuseDifference(table: Table, items: readonly Readonly<Record<string, unknown>>[]): void {
  const sorted = (some: readonly Readonly<Record<string, unknown>>[]) =>
    some.map((item) => ({ id: JSON.stringify(table.keyNames.map((name) => item[name])), item })).sort((a, b) => (a.id < b.id ? -1 : 1));
  const [own, theirs] = [sorted(table.items), sorted(items)];
  const at = own.length > theirs.length ? own : theirs;
  const i = at.findIndex((_, n) => !isDeepStrictEqual(own[n], theirs[n]));
  if (i >= 0) throw new Error(`${table.settings.name} differs: the lab holds ${JSON.stringify(own[i])}, dynalite ${JSON.stringify(theirs[i])}`);
}

async function listening(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const { default: dynalite } = await import("dynalite");
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("dynalite listens on no port");
  return { url: `http://127.0.0.1:${address.port}`, stop: () => new Promise((resolve) => void server.close(() => resolve())) };
}

/** The client that production uses, by the lab's names of operations. */
async function documentsAt(endpoint: string) {
  const [{ connectDynamoDb }, { clientOptions }, { CreateTableCommand }, lib] = await Promise.all([
    import("@nightshift/aws/connect/dynamodb"),
    import("@nightshift/aws/connect/options"),
    import("@aws-sdk/client-dynamodb"),
    import("@aws-sdk/lib-dynamodb"),
  ]);
  // Production's own options; only where the engine is, and whose name it is asked in, are the lab's.
  const local = { ...clientOptions("eu-central-1"), endpoint, credentials: { accessKeyId: "lab", secretAccessKey: "lab" } };
  const documents = connectDynamoDb(local);
  const sends = sendersOf(lib, documents);
  return {
    send: (operation: string, input: unknown): Promise<unknown> => {
      const one = sends.get(operation);
      return one === undefined ? Promise.reject(notModelled("dynamodb", operation)) : one(input);
    },
    scan: async (TableName: string) => {
      const items: Record<string, unknown>[] = [];
      for await (const page of lib.paginateScan({ client: documents }, { TableName, ConsistentRead: true })) items.push(...(page.Items ?? []));
      return items;
    },
    create: ({ name, partition, sort }: TableSettings) => {
      const keys = sort === undefined ? [partition] : [partition, sort];
      return documents.send(
        new CreateTableCommand({
          TableName: name,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
          KeySchema: keys.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? "HASH" : "RANGE" })),
        }),
      );
    },
    destroy: () => documents.destroy(),
  };
}

function sendersOf(lib: typeof import("@aws-sdk/lib-dynamodb"), documents: DynamoDBDocumentClient): ReadonlyMap<string, (input: unknown) => Promise<unknown>> {
  // Each input is the `input` of a command of that very class: the lab names operations after the classes.
  return new Map<string, (input: unknown) => Promise<unknown>>([
    ["Get", (input) => documents.send(new lib.GetCommand(input as ConstructorParameters<typeof lib.GetCommand>[0]))],
    ["Put", (input) => documents.send(new lib.PutCommand(input as ConstructorParameters<typeof lib.PutCommand>[0]))],
    ["Update", (input) => documents.send(new lib.UpdateCommand(input as ConstructorParameters<typeof lib.UpdateCommand>[0]))],
    ["Delete", (input) => documents.send(new lib.DeleteCommand(input as ConstructorParameters<typeof lib.DeleteCommand>[0]))],
    ["Query", (input) => documents.send(new lib.QueryCommand(input as ConstructorParameters<typeof lib.QueryCommand>[0]))],
    ["BatchGet", (input) => documents.send(new lib.BatchGetCommand(input as ConstructorParameters<typeof lib.BatchGetCommand>[0]))],
    ["BatchWrite", (input) => documents.send(new lib.BatchWriteCommand(input as ConstructorParameters<typeof lib.BatchWriteCommand>[0]))],
  ]);
}
