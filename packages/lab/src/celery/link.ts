import type { BrokerConnections, RedisLink } from "@nightshift/brokers/connections";
import { type Ms, ms, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { LabAccount } from "../account.ts";
import type { CeleryBroker } from "./broker.ts";
import { carryOut } from "./redis/commands.ts";
import { RedisRefusal } from "./redis/store.ts";

/** How long our own connection waits for an answer before it gives up: as `packages/brokers` sets it for Redis. */
const PATIENCE = seconds(2);
/** A broker in the same network answers within a few milliseconds (facts/scaling.md 2.4: 3 to 21). */
const NEAR = { least: 1, spread: 3 };
/** What passes the boundary, each a line of history where a sandbox may die; all else are readings, of which a look sends hundreds. */
const told = new Set(["CONNECT", "PUBLISH", "SUBSCRIBE"]);
/** What lies and freezes when the broker's figures do. */
const figures = new Set("LLEN HLEN ZCARD SCARD HSCAN LINDEX LRANGE ZRANGE ZRANGEBYSCORE ZCOUNT HGET HMGET HSTRLEN SMEMBERS EXISTS TYPE EVAL INFO".split(" "));
const nothing: Readonly<Record<string, unknown>> = {
  LLEN: 0,
  HLEN: 0,
  ZCARD: 0,
  HSCAN: ["0", []],
  LINDEX: null,
  LRANGE: [],
  ZRANGE: [],
  ZRANGEBYSCORE: [],
  EVAL: [],
};

/** What stands in for a network of brokers: found by the host in their address. */
export interface LabBrokers {
  readonly lab: Pick<LabAccount, "clock" | "boundary">;
  readonly find: (host: string) => CeleryBroker | undefined;
  readonly caller: string;
}

/** The probes' and the remote control's connections, into the simulated brokers; every command passes the boundary under this caller's name. */
export const labBrokerConnections = (brokers: LabBrokers): BrokerConnections => ({
  async redis(url) {
    const { host } = new URL(url);
    const broker = brokers.find(host.replace(/:\d+$/, ""));
    if (broker === undefined) throw new PortError("unavailable", "redis:CONNECT", host, "no such host");
    const link = new Link(broker, brokers);
    await link.reach("CONNECT", {}, () => undefined);
    return link;
  },
  amqp: async (url) => {
    throw new PortError("unavailable", "amqp:CONNECT", new URL(url).host, "the lab has no RabbitMQ");
  },
  management: (url) => ({
    get: async () => {
      throw new PortError("unavailable", "management:GET", new URL(url).host, "the lab has no RabbitMQ");
    },
  }),
});

class Link implements RedisLink {
  readonly #broker: CeleryBroker;
  readonly #brokers: LabBrokers;

  constructor(broker: CeleryBroker, brokers: LabBrokers) {
    this.#broker = broker;
    this.#brokers = brokers;
  }

  call(command: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const operation = command.toUpperCase();
    const apply = () => this.#answer(operation, args);
    return told.has(operation) ? this.reach(operation, { args: args.map(brief), ...broadcast(args) }, apply) : this.#read(operation, apply);
  }

  listen(channel: string, window: Ms): Promise<readonly string[]> {
    return this.reach("SUBSCRIBE", { channel, window }, async () => {
      const heard: string[] = [];
      const stop = this.#broker.store.subscribe(channel, (text) => heard.push(text));
      this.#broker.beat(window);
      await this.#brokers.lab.clock.sleep(window);
      stop();
      const { trouble } = this.#broker;
      return trouble.now("deaf") || trouble.now("frozen") ? [] : heard.slice(0, 10_000);
    });
  }

  async close(): Promise<void> {}

  /** Passes the boundary, and waits in vain while the broker cannot be reached. @throws {PortError} */
  async reach<T>(operation: string, input: object, apply: () => T | Promise<T>): Promise<T> {
    const { lab, caller } = this.#brokers;
    const on = this.#broker.host;
    const mutating = "method" in input && (input.method === "cancel_consumer" || input.method === "add_consumer");
    try {
      return await lab.boundary.effect({ service: "broker", operation, input: { on, ...input }, caller, mutating, latency: NEAR }, async () => {
        await this.#patience(operation);
        return apply();
      });
    } catch (error) {
      throw asPortError(error, operation, on);
    }
  }

  async #read<T>(operation: string, apply: () => T | Promise<T>): Promise<T> {
    try {
      await this.#brokers.lab.clock.sleep(1);
      await this.#patience(operation);
      return await apply();
    } catch (error) {
      throw asPortError(error, operation, this.#broker.host);
    }
  }

  /** Waits in vain while the broker cannot be reached. */
  async #patience(operation: string): Promise<void> {
    if (this.#broker.trouble.now("unreachable") === undefined) return;
    await this.#brokers.lab.clock.sleep(PATIENCE);
    throw new PortError(
      "unavailable",
      `redis:${operation}`,
      this.#broker.host,
      "the connection was refused: nothing listens there, or a security group is in the way",
    );
  }

  #answer(command: string, args: readonly (string | number)[]): unknown {
    const broker = this.#broker;
    const now = this.#brokers.lab.clock.now();
    if (command === "BRPOP") return this.#waitFor(args.slice(0, -1).map(String), seconds(Number(args.at(-1))));
    if (broker.trouble.now("zero") !== undefined && command in nothing) return nothing[command];
    const frozen = broker.trouble.now("frozen");
    if (command === "PUBLISH" && (frozen !== undefined || broker.trouble.now("deaf") !== undefined)) return 0;
    const answer = () => carryOut(broker.store, { command, args }, now);
    return frozen !== undefined && figures.has(command) ? broker.trouble.remembered(frozen, `${command} ${args.join(" ")}`, answer) : answer();
  }

  /** BRPOP: the first of the lists that has something, or null after the time. */
  async #waitFor(keys: readonly string[], atMost: Ms): Promise<readonly [string, string] | null> {
    const { store } = this.#broker;
    const { clock } = this.#brokers.lab;
    store.count("brpop");
    const pop = (): readonly [string, string] | undefined => {
      for (const key of keys) {
        const item = store.popRight(key);
        if (item !== undefined) return [key, String(item)];
      }
      return undefined;
    };
    const there = pop();
    if (there !== undefined) return there;
    let wake: () => void = () => {};
    const pushed = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const stops = keys.map((key) => store.onPush(key, wake));
    await Promise.race([pushed, clock.sleep(ms(atMost === 0 ? 86_400_000 : atMost))]);
    for (const stop of stops) stop();
    return pop() ?? null;
  }
}

function asPortError(error: unknown, operation: string, on: string): PortError {
  if (error instanceof PortError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new PortError(error instanceof RedisRefusal ? "invalid" : "unavailable", `redis:${operation}`, on, words, error);
}

/** Arguments as the history keeps them: bodies are long. */
const brief = (arg: string | number): string | number => (typeof arg === "string" && arg.length > 120 ? `${arg.slice(0, 120)}…` : arg);

/** What a broadcast tells workers, for the history and for faults aimed at it. */
function broadcast(args: readonly (string | number)[]): { readonly method?: string; readonly destination?: unknown; readonly queue?: unknown } {
  try {
    const outer: unknown = JSON.parse(String(args[1]));
    const body = field(outer, "body");
    const asked: unknown = typeof body === "string" ? JSON.parse(Buffer.from(body, "base64").toString()) : outer;
    return { method: String(field(asked, "method")), destination: field(asked, "destination"), queue: field(field(asked, "arguments"), "queue") };
  } catch {
    // Not one of Celery's broadcasts: nothing to tell.
    return {};
  }
}

const field = (from: unknown, name: string): unknown => (typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined);
