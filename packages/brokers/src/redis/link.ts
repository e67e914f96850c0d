import { Redis, type RedisOptions } from "ioredis";
import type { Ms } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { RedisLink } from "../connections.ts";
import { redisError } from "./errors.ts";

// The mapping of replies is part of the client's type.
type Settings = RedisOptions & { readonly replyMapping: "legacy" };

const connectTimeoutMs = 3_000;
const commandTimeoutMs = 2_000;
const messagesAtMost = 10_000;

// A probe that fails is an answer, and the next look comes soon: nothing is queued, resent or connected anew.
// RESP2, because Redis 5 (still offered by ElastiCache) knows no other.
const options: Settings = {
  lazyConnect: true,
  connectTimeout: connectTimeoutMs,
  commandTimeout: commandTimeoutMs,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  disableClientInfo: true,
  protocol: 2,
  replyMapping: "legacy",
  connectionName: "nightshift",
};

/** Which database an address names; 0 when it names none, as kombu has it. */
export function redisDatabase(url: string): number {
  const path = parse(url).pathname.replace(/^\/+/, "");
  const number = path === "" ? Number(parse(url).searchParams.get("db") ?? 0) : Number(path);
  if (!Number.isInteger(number) || number < 0) throw badAddress("its database is not a number");
  return number;
}

/** Opens one connection over ioredis: TLS for `rediss://`, AUTH and SELECT from the address, 3 s to connect, 2 s a command. @throws {PortError} in plain words, without the address. */
export async function openRedis(url: string): Promise<RedisLink> {
  const settings = { ...options, ...placeOf(url) };
  const redis = await connected(settings);
  return {
    call: (command, ...args) => redis.call(command, ...args).catch((error: unknown) => Promise.reject(redisError(command.toLowerCase(), error))),
    listen: (channel, window) => listen(settings, channel, window),
    close: async () => redis.disconnect(),
  };
}

function placeOf(url: string): RedisOptions {
  const address = parse(url);
  const password = decodeURIComponent(address.password);
  const username = decodeURIComponent(address.username);
  return {
    host: address.hostname.replace(/^\[|\]$/g, ""),
    port: address.port === "" ? 6379 : Number(address.port),
    db: redisDatabase(url),
    ...(password === "" ? {} : { password }),
    ...(username === "" || password === "" ? {} : { username }),
    ...(address.protocol === "rediss:" ? { tls: { servername: address.hostname } } : {}),
  };
}

async function connected(settings: Settings): Promise<Redis> {
  const redis = new Redis(settings);
  // ioredis rejects with "Connection is closed." and tells why only in its event.
  let why: unknown;
  redis.on("error", (error: unknown) => {
    why = error;
  });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw redisError("connect", why ?? error);
  }
}

/** Subscribed connections can do nothing else, so each window has one of its own. */
async function listen(settings: Settings, channel: string, window: Ms): Promise<readonly string[]> {
  const redis = await connected(settings);
  const heard: string[] = [];
  try {
    redis.on("message", (_channel: string, text: string) => {
      if (heard.length < messagesAtMost) heard.push(text);
    });
    await redis.subscribe(channel);
    await new Promise((resolve) => setTimeout(resolve, window));
    return heard;
  } catch (error) {
    throw redisError("subscribe", error);
  } finally {
    redis.disconnect();
  }
}

function parse(url: string): URL {
  let address: URL;
  try {
    address = new URL(url.trim());
  } catch {
    throw badAddress("it is no address");
  }
  if (address.protocol !== "redis:" && address.protocol !== "rediss:") throw badAddress("it does not begin with redis:// or rediss://");
  return address;
}

const badAddress = (says: string): PortError =>
  new PortError("invalid", "redis:connect", "the broker", `${says}; the secret must hold redis:// or rediss://USER:PASSWORD@HOST:PORT/DB`);
