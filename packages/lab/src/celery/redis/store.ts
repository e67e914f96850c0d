import type { EpochMs } from "@nightshift/model";
import { RedisList } from "./list.ts";

/** A value's text, made when somebody reads it: ten thousand messages are kept and hardly ever read. */
export type Bulk = string | { toString(): string };

/** A sorted set: members by score. */
export type SortedSet = Map<string, number>;

interface Kinds {
  list: RedisList<Bulk>;
  hash: Map<string, Bulk>;
  zset: SortedSet;
  set: Set<string>;
  string: { text: string };
}

type Value = { readonly [K in keyof Kinds]: { readonly kind: K; readonly value: Kinds[K] } }[keyof Kinds];

/** A command that a Redis server refuses, with its own words. */
export class RedisRefusal extends Error {
  override readonly name = "RedisRefusal";
}

/**
 * What a Redis server holds: one database's keys, its command counters and its subscribers. Like the real one it forgets a
 * list, hash or set that became empty ("Data types", https://redis.io/docs/latest/develop/data-types/, read 2026-11-21).
 */
export class RedisStore {
  #startedAt: EpochMs;
  #runId: string;
  readonly #values = new Map<string, Value>();
  readonly #calls = new Map<string, number>();
  readonly #subscribers = new Map<string, Set<(text: string) => void>>();
  readonly #pushed = new Map<string, Set<() => void>>();

  constructor({ startedAt, runId }: { readonly startedAt: EpochMs; readonly runId: string }) {
    this.#startedAt = startedAt;
    this.#runId = runId;
  }

  get startedAt(): EpochMs {
    return this.#startedAt;
  }

  get runId(): string {
    return this.#runId;
  }

  /** As after a restart with its data on disk: the keys are there, the counters begin again. */
  restart(begun: { readonly at: EpochMs; readonly runId: string }): void {
    this.#startedAt = begun.at;
    this.#runId = begun.runId;
    this.#calls.clear();
  }

  /** Counts one call of a command, as `INFO commandstats` shows it. */
  count(command: string, times = 1): void {
    this.#calls.set(command, (this.#calls.get(command) ?? 0) + times);
  }

  /** Calls by command since the server started. */
  get calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }

  get keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  typeOf(key: string): string {
    return this.#values.get(key)?.kind ?? "none";
  }

  /** The value under a key. @throws {RedisRefusal} when it is of another type. */
  get<K extends keyof Kinds>(kind: K, key: string): Kinds[K] | undefined {
    const found = this.#values.get(key);
    if (found === undefined) return undefined;
    if (found.kind !== kind) throw new RedisRefusal("WRONGTYPE Operation against a key holding the wrong kind of value");
    return found.value as Kinds[K]; // The kinds are equal, which the compiler does not carry over.
  }

  /** The value under a key, empty where there was none. */
  make<K extends keyof Kinds>(kind: K, key: string): Kinds[K] {
    const found = this.get(kind, key);
    if (found !== undefined) return found;
    const fresh = { list: new RedisList<Bulk>(), hash: new Map(), zset: new Map(), set: new Set(), string: { text: "" } }[kind] as Kinds[K]; // Each field is its own kind.
    this.#values.set(key, { kind, value: fresh } as Value); // As above.
    return fresh;
  }

  /** Forgets a key; says whether it was there. */
  drop(key: string): boolean {
    return this.#values.delete(key);
  }

  /** Forgets a key that holds nothing any more. */
  tidy(key: string): void {
    const found = this.#values.get(key);
    if (found === undefined || found.kind === "string") return;
    const size = found.kind === "list" ? found.value.length : found.value.size;
    if (size === 0) this.#values.delete(key);
  }

  push(key: string, item: Bulk, side: "left" | "right"): number {
    const list = this.make("list", key);
    if (side === "left") list.pushLeft(item);
    else list.pushRight(item);
    for (const tell of this.#pushed.get(key) ?? []) tell();
    return this.get("list", key)?.length ?? 0;
  }

  popRight(key: string): Bulk | undefined {
    const item = this.get("list", key)?.popRight();
    this.tidy(key);
    return item;
  }

  /** Tells whenever something is pushed onto a list, until the returned function is called. */
  onPush(key: string, tell: () => void): () => void {
    return watch(this.#pushed, key, tell);
  }

  /** Hears a channel until the returned function is called. */
  subscribe(channel: string, hear: (text: string) => void): () => void {
    return watch(this.#subscribers, channel, hear);
  }

  /** How many heard it. */
  publish(channel: string, text: string): number {
    const hearers = [...(this.#subscribers.get(channel) ?? [])];
    for (const hear of hearers) hear(text);
    return hearers.length;
  }

  subscribers(channel: string): number {
    return this.#subscribers.get(channel)?.size ?? 0;
  }
}

function watch<Listener>(listeners: Map<string, Set<Listener>>, key: string, listener: Listener): () => void {
  const known = listeners.get(key) ?? new Set();
  listeners.set(key, known);
  known.add(listener);
  return () => void known.delete(listener);
}
