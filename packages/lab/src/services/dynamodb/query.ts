import { type Condition, holds, parseCondition } from "./expressions/condition.ts";
import type { Placeholders } from "./expressions/names.ts";
import { malformed } from "./expressions/tokens.ts";
import { copy, type Item, order, same, sizeOf, type Value } from "./expressions/values.ts";
import type { KeyNames, Table } from "./table.ts";

/** A query, its placeholders not yet filled. */
export interface QueryRequest {
  readonly keyCondition: string;
  readonly filter: string | undefined;
  readonly index: string | undefined;
  readonly limit: number | undefined;
  readonly forward: boolean;
  readonly startAfter: Item | undefined;
}

/** One page of a query's answer. */
export interface Page {
  readonly items: readonly Item[];
  readonly scanned: number;
  readonly last: Item | undefined;
}

/** A page ends at 1 MB of items read. Source: "Paginating table query results", https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html (2026-11-21). */
const PAGE_BYTES = 1_048_576;

/** Reads one page. `Limit` counts items read, before the filter; a page that ends at it names the last item read, even when no more follow. */
export function query(table: Table, request: QueryRequest, placeholders: Placeholders): Page {
  const keys = keysFor(table, request.index);
  const condition = parseCondition(request.keyCondition, placeholders);
  const filter = request.filter === undefined ? undefined : parseCondition(request.filter, placeholders);
  placeholders.checkAllUsed();
  const partition = partitionOf(condition, keys);
  const inOrder = table.range(keys, partition).filter((item) => holds(condition, item));
  const ordered = request.forward ? inOrder : inOrder.toReversed();
  const from = request.startAfter === undefined ? 0 : afterKey(ordered, table, { key: request.startAfter, keys, forward: request.forward });
  const read: Item[] = [];
  let bytes = 0;
  for (const item of ordered.slice(from)) {
    if (read.length === (request.limit ?? Number.POSITIVE_INFINITY) || bytes > PAGE_BYTES) break;
    read.push(item);
    bytes += sizeOf(item);
  }
  const stopped = read.length === request.limit || from + read.length < ordered.length;
  const last = read.at(-1);
  return {
    items: read.filter((item) => !filter || holds(filter, item)).map((item) => copy(item)),
    scanned: read.length,
    last: stopped && last ? pick(last, [...table.keyNames, keys.partition, ...(keys.sort === undefined ? [] : [keys.sort])]) : undefined,
  };
}

function keysFor(table: Table, index: string | undefined): KeyNames {
  if (index === undefined) return table.settings;
  const keys = table.settings.indexes?.[index];
  if (!keys) throw malformed(`The table does not have the specified index: ${index}`);
  return keys;
}

// A key condition is one equality on the partition key, and at most one comparison of the sort key.
function partitionOf(condition: Condition, keys: KeyNames): Value {
  const parts = conjuncts(condition);
  const onKey = (part: Condition, name: string): boolean => {
    const side = part.kind === "compare" ? part.left : part.kind === "between" || part.kind === "begins-with" ? part.of : undefined;
    return side?.kind === "path" && side.path.length === 1 && side.path[0] === name;
  };
  const equality = parts.find((part) => onKey(part, keys.partition) && part.kind === "compare" && part.comparator === "=");
  if (equality?.kind !== "compare" || equality.right.kind !== "value") throw malformed(`Query condition missed key schema element: ${keys.partition}`);
  const rest = parts.filter((part) => part !== equality);
  const sort = keys.sort;
  if (rest.length > 1 || rest.some((part) => sort === undefined || !onKey(part, sort) || (part.kind === "compare" && part.comparator === "<>"))) {
    throw malformed("Query key condition not supported");
  }
  return equality.right.value;
}

const conjuncts = (condition: Condition): readonly Condition[] =>
  condition.kind === "and" ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition];

function afterKey(ordered: readonly Item[], table: Table, start: { readonly key: Item; readonly keys: KeyNames; readonly forward: boolean }): number {
  const { key, keys, forward } = start;
  const at = ordered.findIndex((item) => table.keyNames.every((name) => same(item[name] ?? null, key[name] ?? null)));
  if (at >= 0) return at + 1;
  // The item was deleted between two pages: go on where it would have stood.
  const next = ordered.findIndex((item) => isBeyond(item, key, keys, forward));
  return next < 0 ? ordered.length : next;
}

function isBeyond(item: Item, key: Item, keys: KeyNames, forward: boolean): boolean {
  const difference = keys.sort === undefined ? undefined : order(item[keys.sort] ?? null, key[keys.sort] ?? null);
  return difference !== undefined && (forward ? difference > 0 : difference < 0);
}

/** The named fields of an item. */
export function pick(item: Item, names: readonly string[]): Item {
  const picked: Item = {};
  for (const name of names) if (item[name] !== undefined) picked[name] = copy(item[name]);
  return picked;
}
