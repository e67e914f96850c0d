import { malformed } from "./expressions/tokens.ts";
import { copy, type Item, order, same, sizeOf, type Value } from "./expressions/values.ts";

/** How a table or index is keyed. */
export interface KeyNames {
  readonly partition: string;
  readonly sort?: string;
}

/** How a table is set up. */
export interface TableSettings extends KeyNames {
  readonly name: string;
  readonly indexes?: Readonly<Record<string, KeyNames>>;
}

/** One change, as a stream shows it. */
export interface Change {
  readonly kind: "INSERT" | "MODIFY" | "REMOVE";
  readonly keys: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** Counts up within the table. */
  readonly sequence: number;
}

/** DynamoDB's largest item. Source: "Quotas", https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html (2026-11-21). */
export const ITEM_LIMIT = 400 * 1_024;

/** One table: items by key, sorted within a partition, copied on the way in and out. */
export class Table {
  readonly settings: TableSettings;
  readonly #partitions = new Map<string, Map<string, Item>>();
  readonly #listeners: ((change: Change) => void)[] = [];
  #sequence = 0;

  constructor(settings: TableSettings) {
    this.settings = settings;
  }

  /** Calls `listener` for every change, in order. */
  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  /** A copy of the item with this key. @throws AwsFault when the key is not the table's. */
  get(key: Item): Item | undefined {
    const item = this.#partition(this.checkKey(key)).get(sortId(key, this.settings));
    return item && copy(item);
  }

  /** Replaces the item with this key, or takes it away; returns what stood there. */
  set(key: Item, item: Item | undefined): Item | undefined {
    const partition = this.#partition(this.keyOf(key));
    const id = sortId(key, this.settings);
    const before = partition.get(id);
    if (item && sizeOf(item) > ITEM_LIMIT) throw malformed("Item size has exceeded the maximum allowed size");
    const after = item && copy(item);
    if (after) partition.set(id, after);
    else partition.delete(id);
    const changed = before && after ? !same(before, after) : before !== after;
    if (changed)
      this.#announce({ kind: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY", keys: copy(this.keyOf(key)), before, after });
    return before && copy(before);
  }

  /** Items of one partition of the table or an index, by sort key upwards. */
  range(keys: KeyNames, partition: Value): readonly Item[] {
    const own = keys === this.settings && (typeof partition === "string" || typeof partition === "number");
    const held = own ? [...(this.#partitions.get(partitionId(partition))?.values() ?? [])] : this.items.filter((item) => this.#inIndex(item, keys, partition));
    const sort = keys.sort;
    return sort === undefined ? held : held.toSorted((a, b) => order(a[sort] ?? null, b[sort] ?? null) ?? 0);
  }

  /** Every item, in no promised order. */
  get items(): readonly Item[] {
    return [...this.#partitions.values()].flatMap((partition) => [...partition.values()]);
  }

  /** The key fields of an item. @throws AwsFault when one is missing, empty or of a wrong type. */
  keyOf(item: Item): Item {
    const key: Item = {};
    for (const name of this.keyNames) {
      const value = item[name];
      if (value === undefined) throw malformed(`One or more parameter values were invalid: Missing the key ${name} in the item`);
      if (value === "")
        throw malformed(
          `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
        );
      if (typeof value !== "string" && typeof value !== "number") throw malformed(`One or more parameter values were invalid: Type mismatch for key ${name}`);
      key[name] = value;
    }
    return key;
  }

  /** A request's key holds the table's key fields and nothing else. */
  checkKey(key: Item): Item {
    if (Object.keys(key).length !== this.keyNames.length || this.keyNames.some((name) => key[name] === undefined)) {
      throw malformed("The provided key element does not match the schema");
    }
    return this.keyOf(key);
  }

  get keyNames(): readonly string[] {
    return this.settings.sort === undefined ? [this.settings.partition] : [this.settings.partition, this.settings.sort];
  }

  #inIndex(item: Item, keys: KeyNames, partition: Value): boolean {
    const value = item[keys.partition];
    return value !== undefined && same(value, partition) && (keys.sort === undefined || item[keys.sort] !== undefined);
  }

  #partition(key: Item): Map<string, Item> {
    const id = partitionId(key[this.settings.partition] ?? null);
    const known = this.#partitions.get(id);
    if (known) return known;
    const fresh = new Map<string, Item>();
    this.#partitions.set(id, fresh);
    return fresh;
  }

  #announce(change: Omit<Change, "sequence">): void {
    this.#sequence += 1;
    for (const listener of this.#listeners) listener({ ...change, sequence: this.#sequence });
  }
}

const partitionId = (value: Value): string => JSON.stringify(value);
const sortId = (key: Item, names: KeyNames): string => (names.sort === undefined ? "" : JSON.stringify(key[names.sort]));
