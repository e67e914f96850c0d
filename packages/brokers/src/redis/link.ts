import { Redis, type RedisOptions } from "ioredis";
import type { Ms } from "@nightshift/model";
import type { RedisLink } from "../connections.ts";
import { redisAddress } from "./address.ts";
import { redisError } from "./errors.ts";

// The mapping of replies is part of the client's type.
type Settings = RedisOptions & { readonly replyMapping: "legacy" };

const connectTimeoutMs = 3_000;
const commandTimeoutMs = 2_000;
const messagesAtMost = 10_000;
// A heartbeat has half a kilobyte; whatever else is sent into the channel must not fill the function's memory.
const bytesAtMost = 16 * 1_024 * 1_024;

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

/** Opens one connection over ioredis: TLS for `rediss://`, AUTH and SELECT from the address, 3 s to connect, 2 s a command. @throws {PortError} in plain words, without the address. */
export async function openRedis(url: string): Promise<RedisLink> {
  const settings = { ...options, ...redisAddress(url) };
  const redis = await connected(settings);
  return {
    call: (command, ...args) => redis.call(command, ...args).catch((error: unknown) => Promise.reject(redisError(command.toLowerCase(), error))),
    listen: (channel, window) => listen(settings, channel, window),
    close: async () => redis.disconnect(),
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
    // ioredis swallows a refused SELECT, and all that follows would be read from database 0.
    if (settings.db !== undefined && settings.db !== 0) await redis.select(settings.db);
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
  let bytes = 0;
  try {
    redis.on("message", (_channel: string, text: string) => {
      bytes += text.length;
      if (heard.length < messagesAtMost && bytes <= bytesAtMost) heard.push(text);
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
