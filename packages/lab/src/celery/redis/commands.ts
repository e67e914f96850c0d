import type { EpochMs } from "@nightshift/model";
import { serverInfo } from "./server-info.ts";
import { type Bulk, RedisRefusal, type RedisStore, type SortedSet } from "./store.ts";

type Args = readonly string[];
type Command = (store: RedisStore, args: Args, now: EpochMs) => unknown;

const text = (bulk: Bulk | undefined): string | null => (bulk === undefined ? null : String(bulk));
const at = (args: Args, i: number): string => {
  const arg = args[i];
  if (arg === undefined) throw new RedisRefusal("ERR wrong number of arguments");
  return arg;
};
const whole = (args: Args, i: number): number => {
  const n = Number(at(args, i));
  if (!Number.isInteger(n)) throw new RedisRefusal("ERR value is not an integer or out of range");
  return n;
};
/** The value after a word, as in `COUNT 500`. */
const option = (args: Args, word: string): string | undefined => {
  const i = args.findIndex((arg) => arg.toUpperCase() === word);
  return i < 0 ? undefined : args[i + 1];
};

/** A small hash comes whole whatever COUNT says ("SCAN", https://redis.io/docs/latest/commands/scan/, read 2026-11-21; 128 entries is the default of hash-max-listpack-entries). */
const SMALL = 128;

function scanned<Item>(all: readonly Item[], args: Args, cursorAt: number): readonly [string, readonly Item[]] {
  const from = whole(args, cursorAt);
  const count = all.length <= SMALL ? all.length : Number(option(args, "COUNT") ?? 10);
  const next = from + count;
  return [next >= all.length ? "0" : String(next), all.slice(from, next)];
}

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  );
const matching = (args: Args): ((key: string) => boolean) => {
  const pattern = option(args, "MATCH");
  const expression = pattern === undefined ? undefined : glob(pattern);
  return (key) => expression === undefined || expression.test(key);
};

const byScore = (zset: SortedSet | undefined): readonly (readonly [string, number])[] => [...(zset ?? [])].toSorted((a, b) => a[1] - b[1]);
const bound = (given: string): { readonly score: number; readonly open: boolean } => {
  const open = given.startsWith("(");
  const word = open ? given.slice(1) : given;
  return { open, score: word === "-inf" ? Number.NEGATIVE_INFINITY : word === "+inf" || word === "inf" ? Number.POSITIVE_INFINITY : Number(word) };
};
function between(zset: SortedSet | undefined, least: string, most: string): readonly (readonly [string, number])[] {
  const [low, high] = [bound(least), bound(most)];
  return byScore(zset).filter(([, score]) => (low.open ? score > low.score : score >= low.score) && (high.open ? score < high.score : score <= high.score));
}
const withScores = (rows: readonly (readonly [string, number])[], args: Args): readonly string[] =>
  args.some((arg) => arg.toUpperCase() === "WITHSCORES") ? rows.flatMap(([member, score]) => [member, String(score)]) : rows.map(([member]) => member);
function sliced<Item>(all: readonly Item[], start: number, stop: number): readonly Item[] {
  const last = stop < 0 ? all.length + stop : stop;
  return all.slice(Math.max(0, start < 0 ? all.length + start : start), last + 1);
}
const limited = <Item>(all: readonly Item[], args: Args): readonly Item[] => {
  const i = args.findIndex((arg) => arg.toUpperCase() === "LIMIT");
  return i < 0 ? all : all.slice(whole(args, i + 1), whole(args, i + 1) + whole(args, i + 2));
};

const lists: Record<string, Command> = {
  LLEN: (store, args) => store.get("list", at(args, 0))?.length ?? 0,
  LINDEX: (store, args) => text(store.get("list", at(args, 0))?.at(whole(args, 1))),
  LRANGE: (store, args) => (store.get("list", at(args, 0))?.range(whole(args, 1), whole(args, 2)) ?? []).map(String),
  LPUSH: (store, args) => args.slice(1).reduce((_, item) => store.push(at(args, 0), item, "left"), 0),
  RPUSH: (store, args) => args.slice(1).reduce((_, item) => store.push(at(args, 0), item, "right"), 0),
  RPOP: (store, args) => text(store.popRight(at(args, 0))),
};

const hashes: Record<string, Command> = {
  HLEN: (store, args) => store.get("hash", at(args, 0))?.size ?? 0,
  HGET: (store, args) => text(store.get("hash", at(args, 0))?.get(at(args, 1))),
  HMGET: (store, args) => args.slice(1).map((field) => text(store.get("hash", at(args, 0))?.get(field))),
  HSTRLEN: (store, args) => Buffer.byteLength(text(store.get("hash", at(args, 0))?.get(at(args, 1))) ?? ""),
  HEXISTS: (store, args) => (store.get("hash", at(args, 0))?.has(at(args, 1)) === true ? 1 : 0),
  HKEYS: (store, args) => [...(store.get("hash", at(args, 0))?.keys() ?? [])],
  HSCAN: (store, args) => {
    const hash = store.get("hash", at(args, 0));
    const [cursor, fields] = scanned([...(hash?.keys() ?? [])], args, 1);
    const wanted = fields.filter(matching(args));
    return [cursor, args.some((arg) => arg.toUpperCase() === "NOVALUES") ? wanted : wanted.flatMap((field) => [field, text(hash?.get(field))])];
  },
  HDEL: (store, args) => {
    const hash = store.get("hash", at(args, 0));
    const gone = args.slice(1).filter((field) => hash?.delete(field)).length;
    store.tidy(at(args, 0));
    return gone;
  },
};

const sortedSets: Record<string, Command> = {
  ZCARD: (store, args) => store.get("zset", at(args, 0))?.size ?? 0,
  ZSCORE: (store, args) => {
    const score = store.get("zset", at(args, 0))?.get(at(args, 1));
    return score === undefined ? null : String(score);
  },
  ZCOUNT: (store, args) => between(store.get("zset", at(args, 0)), at(args, 1), at(args, 2)).length,
  ZRANGE: (store, args) => {
    const zset = store.get("zset", at(args, 0));
    const words = args.map((arg) => arg.toUpperCase());
    const rows = words.includes("BYSCORE")
      ? limited(between(zset, at(args, 1), at(args, 2)), args)
      : sliced(words.includes("REV") ? byScore(zset).toReversed() : byScore(zset), whole(args, 1), whole(args, 2));
    return withScores(rows, args);
  },
  ZREVRANGE: (store, args) => withScores(sliced(byScore(store.get("zset", at(args, 0))).toReversed(), whole(args, 1), whole(args, 2)), args),
  ZRANGEBYSCORE: (store, args) => withScores(limited(between(store.get("zset", at(args, 0)), at(args, 1), at(args, 2)), args), args),
};

const sets: Record<string, Command> = {
  SADD: (store, args) => {
    const set = store.make("set", at(args, 0));
    const fresh = args.slice(1).filter((member) => !set.has(member));
    for (const member of fresh) set.add(member);
    return fresh.length;
  },
  SREM: (store, args) => {
    const gone = args.slice(1).filter((member) => store.get("set", at(args, 0))?.delete(member)).length;
    store.tidy(at(args, 0));
    return gone;
  },
  SMEMBERS: (store, args) => [...(store.get("set", at(args, 0)) ?? [])],
  SISMEMBER: (store, args) => (store.get("set", at(args, 0))?.has(at(args, 1)) === true ? 1 : 0),
  SCARD: (store, args) => store.get("set", at(args, 0))?.size ?? 0,
};

const others: Record<string, Command> = {
  PING: () => "PONG",
  GET: (store, args) => store.get("string", at(args, 0))?.text ?? null,
  SET: (store, args) => {
    store.make("string", at(args, 0)).text = at(args, 1);
    return "OK";
  },
  EXISTS: (store, args) => args.filter((key) => store.typeOf(key) !== "none").length,
  TYPE: (store, args) => store.typeOf(at(args, 0)),
  DEL: (store, args) => args.filter((key) => store.drop(key)).length,
  UNLINK: (store, args) => args.filter((key) => store.drop(key)).length,
  EXPIRE: (store, args) => (store.typeOf(at(args, 0)) === "none" ? 0 : 1),
  SCAN: (store, args) => {
    const [cursor, keys] = scanned(store.keys, args, 0);
    const type = option(args, "TYPE");
    return [cursor, keys.filter(matching(args)).filter((key) => type === undefined || store.typeOf(key) === type)];
  },
  PUBLISH: (store, args) => store.publish(at(args, 0), at(args, 1)),
  PUBSUB: (store, args) => {
    if (at(args, 0).toUpperCase() !== "NUMSUB") throw new RedisRefusal(`ERR unknown subcommand '${at(args, 0)}'`);
    return args.slice(1).flatMap((channel) => [channel, store.subscribers(channel)]);
  },
  CONFIG: (_store, args) => {
    if (at(args, 0).toUpperCase() !== "GET") throw new RedisRefusal(`ERR unknown subcommand '${at(args, 0)}'`);
    return at(args, 1) === "maxmemory-policy" ? ["maxmemory-policy", "noeviction"] : [];
  },
  EVAL: (store, args) => {
    const read = /redis\.call\('(HGET|LINDEX)', KEYS\[1\], ARGV\[i\]\)/.exec(at(args, 0))?.[1];
    if (read === undefined || whole(args, 1) !== 1) throw new RedisRefusal("NOPERM this lab runs one script only: the one that reads the ends of messages");
    return endsOf(store, read, args.slice(2));
  },
  INFO: (store, args, now) => serverInfo(store, args, now),
};

/** What the probe's reading script answers: the end of each value named, until it has touched so many bytes. */
function endsOf(store: RedisStore, read: string, [key = "", tail = "0", most = "0", ...places]: Args): readonly string[] {
  const ends: string[] = [];
  let touched = 0;
  for (const place of places) {
    const body = text(read === "HGET" ? store.get("hash", key)?.get(place) : store.get("list", key)?.at(Number(place))) ?? "";
    ends.push(body.slice(-Number(tail)));
    touched += body.length;
    if (touched > Number(most)) break;
  }
  return ends;
}

const commands: Readonly<Record<string, Command>> = { ...lists, ...hashes, ...sortedSets, ...sets, ...others };

/** Carries out one command and answers as a server does: bulk strings as text, a missing one as null. @throws {RedisRefusal} */
export function carryOut(
  store: RedisStore,
  { command, args }: { readonly command: string; readonly args: readonly (string | number)[] },
  now: EpochMs,
): unknown {
  const known = commands[command.toUpperCase()];
  if (known === undefined) throw new RedisRefusal(`ERR unknown command '${command}'`);
  store.count(command.toLowerCase());
  return known(store, args.map(String), now);
}
