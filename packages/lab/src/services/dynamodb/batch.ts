import { type Fields, fields, list } from "../input.ts";
import { malformed } from "./expressions/tokens.ts";
import { type Item, same } from "./expressions/values.ts";
import { itemIn, placeholdersOf, projected } from "./request.ts";
import type { Table } from "./table.ts";

type FindTable = (name: string) => Table;

/** Up to 100 items by key. Source: "BatchGetItem", https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html (2026-11-21). */
export function batchGet(find: FindTable, request: Fields, leave: () => boolean): object {
  const asked = Object.entries(fields(request["RequestItems"])).map(([name, wish]) => ({ name, wish: fields(wish), keys: keysOf(find(name), wish) }));
  const total = asked.reduce((sum, one) => sum + one.keys.length, 0);
  if (total === 0 || total > 100) throw malformed("Too many items requested for the BatchGetItem call");
  const found: Record<string, Item[]> = {};
  const unprocessed: Record<string, Fields> = {};
  for (const { name, wish, keys } of asked) {
    const left = keys.filter(() => leave());
    if (left.length > 0) unprocessed[name] = { ...wish, Keys: left };
    found[name] = keys
      .filter((key) => !left.includes(key))
      .flatMap((key) => {
        const item = find(name).get(key);
        return item ? [projected(item, wish, placeholdersOf(wish))] : [];
      });
  }
  return { Responses: found, UnprocessedKeys: unprocessed };
}

function keysOf(table: Table, wish: unknown): readonly Item[] {
  const keys = list(fields(wish), "Keys").map((key) => table.checkKey(itemIn({ key }, "key")));
  refuseTwice(keys);
  return keys;
}

/** Up to 25 puts and deletes. Source: "BatchWriteItem", https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html (2026-11-21). */
export function batchWrite(find: FindTable, request: Fields, leave: () => boolean): object {
  const asked = Object.entries(fields(request["RequestItems"])).flatMap(([name, writes]) =>
    (Array.isArray(writes) ? writes : []).map((write: unknown) => writeOf(find(name), name, write)),
  );
  if (asked.length === 0 || asked.length > 25) throw malformed("Too many items requested for the BatchWriteItem call");
  for (const name of new Set(asked.map((one) => one.name))) refuseTwice(asked.filter((one) => one.name === name).map((one) => one.key));
  const unprocessed: Record<string, unknown[]> = {};
  for (const { name, key, item, write } of asked) {
    if (leave()) unprocessed[name] = [...(unprocessed[name] ?? []), write];
    else find(name).set(key, item);
  }
  return { UnprocessedItems: unprocessed };
}

function writeOf(
  table: Table,
  name: string,
  write: unknown,
): { readonly name: string; readonly key: Item; readonly item: Item | undefined; readonly write: unknown } {
  const { PutRequest: put, DeleteRequest: remove } = fields(write);
  if (put === undefined) return { name, key: table.checkKey(itemIn(fields(remove), "Key")), item: undefined, write };
  const item = itemIn(fields(put), "Item");
  return { name, key: table.keyOf(item), item, write };
}

function refuseTwice(keys: readonly Item[]): void {
  if (keys.some((key, i) => keys.slice(i + 1).some((other) => same(key, other)))) throw malformed("Provided list of item keys contains duplicates");
}
