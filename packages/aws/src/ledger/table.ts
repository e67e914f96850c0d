import type { DynamoDBDocumentClient, QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { PortError } from "@nightshift/ports";
import type { Calls } from "../calls.ts";
import { once } from "../connect.ts";
import { isConditionFailure } from "./errors.ts";

/** What the ledger needs of the document client. */
export type Doc = Pick<DynamoDBDocumentClient, "send">;

/** One item as stored; unchecked until a reader checks it. */
export type Row = Readonly<Record<string, unknown>>;

/** Which item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A condition in DynamoDB's words; `#name` stands for the attribute `name`, `:name` for a value given here. */
export interface Condition {
  readonly if: string;
  readonly values?: Row;
}

/** All of the given conditions; undefined of none. */
export function allOf(...conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const standing = conditions.filter((one) => one !== undefined);
  if (standing.length === 0) return undefined;
  return { if: standing.map((one) => one.if).join(" AND "), values: Object.assign({}, ...standing.map((one) => one.values)) };
}

/** A range of one partition. */
export interface Range {
  readonly pk: string;
  /** Both ends included. */
  readonly from?: string;
  readonly to?: string;
  readonly newestFirst?: boolean;
  /** At most so many rows; absent: all of them. */
  readonly limit?: number;
}

/** One DynamoDB table, in the five calls the ledger makes. Every read is strongly consistent; every method is one call unless a range spans pages. */
export interface Table {
  get(key: Key): Promise<Row | undefined>;
  /** Writes a whole row. False when the condition did not hold. */
  put(key: Key, row: Row, condition?: Condition): Promise<boolean>;
  /** Sets the given attributes and leaves all others as they are, also those of a newer release; `undefined` removes. Undefined when the condition did not hold. */
  update(key: Key, set: Row, condition?: Condition): Promise<Row | undefined>;
  /** Whether there was one. */
  remove(key: Key): Promise<boolean>;
  range(ask: Range): Promise<readonly Row[]>;
}

/** The schema version every row carries, so that a later release can tell how to read it. */
export const SCHEMA = 1;

/** Pages of one range (1 MB each) before giving up: a ledger partition is never that large. */
const PAGES = 20;

/** The commands come with the client, at its first use, so that no bundle's first chunk holds them (decision 21). */
const commands = once(() => import("@aws-sdk/lib-dynamodb"));

/** A table over the document client. */
export function openTable(name: string, doc: () => Promise<Doc>, calls: Calls): Table {
  const on = (key: { readonly pk: string; readonly sk?: string }) => `${name} ${key.pk}${key.sk === undefined ? "" : ` ${key.sk}`}`;
  return {
    get: (key) =>
      calls.read({ operation: "dynamodb:GetItem", on: on(key) }, async () => {
        const { GetCommand } = await commands();
        const found = await (await doc()).send(new GetCommand({ TableName: name, Key: { ...key }, ConsistentRead: true }));
        return found.Item;
      }),
    put: (key, row, condition) =>
      calls.change({ operation: "dynamodb:PutItem", on: on(key) }, async () => {
        const { PutCommand } = await commands();
        const input = { TableName: name, Item: { ...storable(row), ...key, v: SCHEMA }, ...conditionInput(condition) };
        return (await unlessRefused(async () => (await doc()).send(new PutCommand(input)))) !== undefined;
      }),
    update: (key, set, condition) =>
      calls.change({ operation: "dynamodb:UpdateItem", on: on(key) }, async () => {
        const { UpdateCommand } = await commands();
        const input = { TableName: name, Key: { ...key }, ...updateInput({ ...set, v: SCHEMA }, condition), ReturnValues: "ALL_NEW" as const };
        const answer = await unlessRefused(async () => (await doc()).send(new UpdateCommand(input)));
        return answer === undefined ? undefined : (answer.Attributes ?? {});
      }),
    remove: (key) =>
      calls.change({ operation: "dynamodb:DeleteItem", on: on(key) }, async () => {
        const { DeleteCommand } = await commands();
        const gone = await (await doc()).send(new DeleteCommand({ TableName: name, Key: { ...key }, ReturnValues: "ALL_OLD" }));
        return gone.Attributes !== undefined;
      }),
    range: async (ask) => {
      const rows: Row[] = [];
      let from: QueryCommandInput["ExclusiveStartKey"];
      for (let page = 0; page < PAGES; page++) {
        const answer = await calls.read({ operation: "dynamodb:Query", on: on(ask) }, async () => {
          const { QueryCommand } = await commands();
          return (await doc()).send(new QueryCommand({ ...rangeInput(name, ask, rows.length), ...(from === undefined ? {} : { ExclusiveStartKey: from }) }));
        });
        rows.push(...(answer.Items ?? []));
        from = answer.LastEvaluatedKey;
        if (from === undefined || rows.length >= (ask.limit ?? Number.POSITIVE_INFINITY)) return rows;
      }
      throw new PortError("invalid", "dynamodb:Query", on(ask), `more than ${PAGES} pages; narrow the range`);
    },
  };
}

async function unlessRefused<T>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send();
  } catch (error) {
    // A refused condition is an answer, not a failure; everything else is translated by the caller.
    if (isConditionFailure(error)) return undefined;
    throw error;
  }
}

function rangeInput(name: string, ask: Range, have: number): QueryCommandInput {
  const { pk, from, to } = ask;
  const bound =
    from !== undefined && to !== undefined
      ? " AND #sk BETWEEN :from AND :to"
      : from !== undefined
        ? " AND #sk >= :from"
        : to !== undefined
          ? " AND #sk <= :to"
          : "";
  return {
    TableName: name,
    KeyConditionExpression: `#pk = :pk${bound}`,
    ExpressionAttributeNames: bound === "" ? { "#pk": "pk" } : { "#pk": "pk", "#sk": "sk" },
    ExpressionAttributeValues: { ":pk": pk, ...(from === undefined ? {} : { ":from": from }), ...(to === undefined ? {} : { ":to": to }) },
    ConsistentRead: true,
    ScanIndexForward: ask.newestFirst !== true,
    ...(ask.limit === undefined ? {} : { Limit: ask.limit - have }),
  };
}

function conditionInput(condition: Condition | undefined) {
  if (condition === undefined) return {};
  const values = valuesOf(condition);
  return {
    ConditionExpression: condition.if,
    ExpressionAttributeNames: namesIn(condition.if),
    // DynamoDB refuses an empty map of values.
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}

function updateInput(set: Row, condition: Condition | undefined) {
  const kept = Object.entries(storable(set));
  const gone = Object.keys(set).filter((name) => set[name] === undefined);
  const update = `SET ${kept.map(([name]) => `#${name} = :set_${name}`).join(", ")}${gone.length === 0 ? "" : ` REMOVE ${gone.map((name) => `#${name}`).join(", ")}`}`;
  return {
    UpdateExpression: update,
    ...(condition === undefined ? {} : { ConditionExpression: condition.if }),
    ExpressionAttributeNames: namesIn(`${update} ${condition?.if ?? ""}`),
    ExpressionAttributeValues: { ...Object.fromEntries(kept.map(([name, value]) => [`:set_${name}`, value])), ...valuesOf(condition) },
  };
}

const namesIn = (expression: string): Record<string, string> =>
  Object.fromEntries([...expression.matchAll(/#(\w+)/g)].map(([placeholder, name]) => [placeholder, name ?? ""]));
const valuesOf = (condition: Condition | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(condition?.values ?? {}).map(([name, value]) => [`:${name}`, value]));

/** Without `undefined` at any depth, which DynamoDB cannot store: our rows are plain JSON, so a round trip is exact. */
const storable = (row: Row): Record<string, unknown> => {
  // JSON.parse returns `any`; an object went in, so an object comes out.
  return JSON.parse(JSON.stringify(row)) as Record<string, unknown>;
};
