import { type Channel, type ChannelModel, connect } from "amqplib";
import type { Ms } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { amqpError, saysNoSuch } from "./amqp-errors.ts";
import type { AmqpLink, AmqpQuestion } from "./connections.ts";
import { type AddressKind, badAddress, parseAddress } from "./parse-address.ts";

const connectTimeoutMs = 3_000;
const callTimeoutMs = 2_000;
const heartbeatSeconds = 10;
const messagesAtMost = 10_000;
// Answers of workers that hold thousands of tasks can be of any size; what is dropped is absent, which means unknown.
const bytesAtMost = 16 * 1_024 * 1_024;

const kind: AddressKind = {
  operation: "rabbitmq:connect",
  on: "the broker",
  protocols: ["amqp:", "amqps:"],
  looksLike: "amqp:// or amqps://USER:PASSWORD@HOST:PORT/VHOST",
};

/** Which virtual host an address names; `/` when it names none, as kombu has it. */
export function vhostOf(url: string): string {
  const path = parseAddress(url, kind).pathname.slice(1);
  try {
    return path === "" ? "/" : decodeURIComponent(path);
  } catch {
    throw badAddress("a % in its virtual host is not written as %25", kind);
  }
}

/**
 * Opens one connection over amqplib: TLS for `amqps://`, a heartbeat of 10 s, 3 s to connect, 2 s a call.
 * @throws {PortError} in plain words, without the address.
 */
export async function openAmqp(url: string): Promise<AmqpLink> {
  const model = await connected(parseAddress(url, kind));
  const known = new Set<string>();
  return {
    check: (queue) => bounded("check", checkQueue(model, queue)),
    ask: (question, window) => ask({ model, known }, question, window),
    listen: (exchange, window) => listen({ model, known }, exchange, window),
    close: async () => void (await bounded("close", model.close()).catch(() => undefined)), // who closes has what they came for
  };
}

/** A connection, and the exchanges that were seen to be there. */
interface Open {
  readonly model: ChannelModel;
  readonly known: Set<string>;
}

/** A passive declare: RabbitMQ answers a missing queue by closing the channel, so that each has a channel of its own. */
async function checkQueue(model: ChannelModel, queue: string): ReturnType<AmqpLink["check"]> {
  try {
    return await onChannel(model, "check", async (channel) => {
      const seen = await channel.checkQueue(queue);
      return { ready: seen.messageCount, consumers: seen.consumerCount };
    });
  } catch (error) {
    if (saysNoSuch(error)) return undefined;
    throw amqpError("check", error);
  }
}

/** An exchange that is not there has nobody behind it: nobody answers. */
async function ask(open: Open, question: AmqpQuestion, window: Ms): Promise<readonly string[]> {
  if (!(await hasExchange(open, question.exchange))) return [];
  const declared = await hasExchange(open, question.replyExchange);
  return translated("ask", () =>
    onChannel(open.model, "ask", async (channel) => {
      const setUp = async () => {
        if (!declared) await channel.assertExchange(question.replyExchange, "direct", { durable: false });
        const queue = await privateQueue(channel);
        await channel.bindQueue(queue, question.replyExchange, question.replyKey);
        return queue;
      };
      const heard = await consume(channel, await bounded("ask", setUp()), question.atMost);
      channel.publish(question.exchange, "", Buffer.from(question.body), { contentType: "application/json", contentEncoding: "utf-8" });
      return heard.within(window);
    }),
  );
}

async function listen(open: Open, exchange: Parameters<AmqpLink["listen"]>[0], window: Ms): Promise<readonly string[]> {
  if (!(await hasExchange(open, exchange.name))) return [];
  return translated("listen", () =>
    onChannel(open.model, "listen", async (channel) => {
      const setUp = async () => {
        const queue = await privateQueue(channel);
        await channel.bindQueue(queue, exchange.name, exchange.key);
        return queue;
      };
      return (await consume(channel, await bounded("listen", setUp()), messagesAtMost)).within(window);
    }),
  );
}

/** Asks passively, because Celery's exchanges differ in durability from version to version and a declare must match. */
async function hasExchange({ model, known }: Open, exchange: string): Promise<boolean> {
  if (known.has(exchange)) return true;
  try {
    await bounded(
      "check",
      onChannel(model, "check", (channel) => channel.checkExchange(exchange)),
    );
    known.add(exchange);
    return true;
  } catch (error) {
    if (saysNoSuch(error)) return false;
    throw amqpError("check", error);
  }
}

/** Exclusive to this connection and gone with its consumer: nothing of ours stays on the broker. */
const privateQueue = async (channel: Channel): Promise<string> => (await channel.assertQueue("", { exclusive: true, autoDelete: true, durable: false })).queue;

interface Heard {
  /** What came until the window is over, or until there is as much as was asked for. */
  within(window: Ms): Promise<readonly string[]>;
}

async function consume(channel: Channel, queue: string, atMost: number): Promise<Heard> {
  const texts: string[] = [];
  const limit = Math.min(atMost, messagesAtMost);
  let bytes = 0;
  let enough = (): void => undefined;
  let broken = (_error: Error): void => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    enough = resolve;
    broken = reject;
  });
  ended.catch(() => undefined); // told to whoever waits; a connection that breaks before is told there as well
  channel.on("close", () => broken(new Error("channel closed")));
  await bounded(
    "consume",
    channel.consume(
      queue,
      (message) => {
        if (message === null) return broken(new Error("queue closed"));
        bytes += message.content.byteLength;
        if (texts.length < limit && bytes <= bytesAtMost) texts.push(message.content.toString("utf8"));
        if (texts.length >= limit) enough();
      },
      { noAck: true },
    ),
  );
  return {
    async within(window) {
      let timer: NodeJS.Timeout | undefined;
      const over = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, window);
      });
      await Promise.race([over, ended]).finally(() => clearTimeout(timer));
      return texts;
    },
  };
}

/** Opens a channel for one piece of work and closes it; an error of the channel comes out as the error of its call. */
async function onChannel<T>(model: ChannelModel, operation: string, work: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await bounded(operation, model.createChannel());
  channel.on("error", () => undefined); // the call that it answers rejects with it
  try {
    return await work(channel);
  } finally {
    await bounded("close", channel.close()).catch(() => undefined); // closed already, by the error that is on its way
  }
}

async function connected(address: URL): Promise<ChannelModel> {
  if (!address.searchParams.has("heartbeat")) address.searchParams.set("heartbeat", String(heartbeatSeconds));
  const opening = connect(address.href, { timeout: connectTimeoutMs, noDelay: true, clientProperties: { connection_name: "nightshift" } });
  const model = await translated("connect", () =>
    bounded("connect", opening, connectTimeoutMs).catch((error: unknown) => {
      opening.then((late) => late.close()).catch(() => undefined); // it came too late, or never
      throw error;
    }),
  );
  model.on("error", () => undefined); // every call that is on its way rejects with it
  return model;
}

async function bounded<T>(operation: string, call: Promise<T>, limitMs = callTimeoutMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new PortError("timeout", `rabbitmq:${operation}`, "the broker", `RabbitMQ did not answer within ${limitMs / 1_000} s`)),
      limitMs,
    );
  });
  call.catch(() => undefined); // an answer after the limit is nobody's
  return Promise.race([call, late]).finally(() => clearTimeout(timer));
}

async function translated<T>(operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw amqpError(operation, error);
  }
}
