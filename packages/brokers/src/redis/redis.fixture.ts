import { PortError } from "@nightshift/ports";
import type { RedisLink } from "../connections.ts";

/** A Redis of a test: what it holds, and what was read of it. */
export interface FakeRedis {
  readonly link: RedisLink;
  /** Messages that left it, whole or in part. */
  readonly bodies: () => number;
  /** Bytes of messages that left it. */
  readonly bytes: () => number;
  readonly commands: readonly string[];
}

/** What it holds. */
export interface Held {
  /** By key, the newest first, as LPUSH leaves them. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly unacked?: { readonly count: number; readonly entry: (n: number) => string; readonly key?: string };
  readonly sets?: Readonly<Record<string, readonly string[]>>;
  readonly info?: string;
  /** Said on every heartbeat channel. */
  readonly heartbeats?: readonly string[];
  readonly scripts?: boolean;
  /** Every command fails with it. */
  readonly broken?: Error;
}

/** Answers like Redis where the probe asks, and fails the test for whatever else it is asked. */
export function fakeRedis(held: Held): FakeRedis {
  const commands: string[] = [];
  let [bodies, bytes] = [0, 0];
  const out = (text: string | undefined): string | null => {
    if (text === undefined) return null;
    bodies += 1;
    bytes += Buffer.byteLength(text);
    return text;
  };
  const listOf = (key: unknown): readonly string[] => held.lists?.[String(key)] ?? [];
  const place = (key: unknown, index: unknown): string | undefined => listOf(key).at(Number(index));
  const tagged = (key: unknown, tag: unknown): string | undefined =>
    key === (held.unacked?.key ?? "unacked") ? held.unacked?.entry(Number(String(tag).slice(4))) : undefined;
  const count = held.unacked?.count ?? 0;
  const hash = held.unacked?.key ?? "unacked";
  const answers: Readonly<Record<string, (args: readonly (string | number)[]) => unknown>> = {
    INFO: () => held.info ?? "run_id:1\r\ncluster_enabled:0\r\n",
    LLEN: ([key]) => listOf(key).length,
    LINDEX: ([key, index]) => out(place(key, index)),
    HLEN: ([key]) => (key === hash ? count : 0),
    ZCARD: ([key]) => (key === `${hash}_index` ? count : 0),
    ZRANGE: ([_key, from, to]) => range(Number(from), Math.min(Number(to), count - 1)).map((n) => `tag-${n}`),
    HSTRLEN: ([key, tag]) => (tagged(key, tag) ?? "").length,
    HMGET: ([key, ...tags]) => tags.map((tag) => out(tagged(key, tag))),
    SCARD: ([key]) => held.sets?.[String(key)]?.length ?? 0,
    SMEMBERS: ([key]) => held.sets?.[String(key)] ?? [],
    EXISTS: ([key]) => (held.sets?.[String(key)] === undefined ? 0 : 1),
    EVAL: ([script, _keys, key, tail, most, ...places]) => {
      if (held.scripts === false) throw new PortError("denied", "redis:eval", "the broker", "this user may not run the command; extend its ACL");
      const ends: (string | null)[] = [];
      let touched = 0;
      for (const one of places) {
        const whole = String(script).includes("HGET") ? tagged(key, one) : place(key, one);
        ends.push(out((whole ?? "").slice(-Number(tail))));
        touched += whole?.length ?? 0;
        if (touched > Number(most)) break;
      }
      return ends;
    },
  };
  return {
    commands,
    bodies: () => bodies,
    bytes: () => bytes,
    link: {
      async call(command, ...args) {
        if (held.broken !== undefined) throw held.broken;
        commands.push([command, ...args].join(" "));
        const answer = answers[command];
        if (answer === undefined) throw new Error(`the probe asked for ${command}, which no test expects`);
        return answer(args);
      },
      listen: async () => held.heartbeats ?? [],
      close: async () => undefined,
    },
  };
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);

/** A message as kombu writes it. */
export function message(
  about: { readonly queue?: string; readonly exchange?: string; readonly eta?: string; readonly bytes?: number; readonly headers?: object } = {},
): string {
  return JSON.stringify({
    body: Buffer.alloc(Math.max(1, Math.floor((about.bytes ?? 4) * 0.75)), "x").toString("base64"),
    "content-encoding": "utf-8",
    "content-type": "application/json",
    headers: { lang: "py", task: "nap", id: "5d5fdef0", eta: about.eta ?? null, argsrepr: '[{"headers": {}}]', ...about.headers },
    properties: {
      delivery_info: { exchange: about.exchange ?? "", routing_key: about.queue ?? "celery" },
      priority: 0,
      body_encoding: "base64",
      delivery_tag: "b4fa",
    },
  });
}

/** An entry of `unacked`. */
export const delivered = (about: Parameters<typeof message>[0] = {}): string => `[${message(about)}, "${about.exchange ?? ""}", "${about.queue ?? "celery"}"]`;
