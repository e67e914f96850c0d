import path from "node:path";
import type { RedisLink } from "@nightshift/brokers/connections";
import { openRedis } from "@nightshift/brokers/redis/link";
import { freePort, freshFolder } from "./places.ts";
import { type Running, startProcess, until } from "./process.ts";

/** A Redis of the test's own. */
export interface RedisServerProcess {
  readonly url: string;
  /** For the test's own hands; opened anew after a restart. */
  readonly link: () => Promise<RedisLink>;
  /** SIGKILL, as when the node dies. What it held is gone, unless it keeps its data. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts Debian's Redis on a free loopback port without persistence; `args` are added to its command line. */
export async function startRedis({
  args = [],
  password = "",
}: {
  readonly args?: readonly string[];
  readonly password?: string;
} = {}): Promise<RedisServerProcess> {
  const folder = await freshFolder("redis");
  const port = await freePort();
  const url = `redis://${password === "" ? "" : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}/0`;
  const links: RedisLink[] = [];
  let server: Running;

  async function start(): Promise<void> {
    server = startProcess({
      run: "/usr/bin/redis-server",
      args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder, ...(password === "" ? [] : ["--requirepass", password]), ...args],
      env: {},
      cwd: folder,
      log: path.join(folder, "redis.log"),
    });
    await until("Redis answers", () => answers(url), 20);
  }

  await start();
  return {
    url,
    link: async () => {
      const link = await openRedis(url);
      links.push(link);
      return link;
    },
    kill: () => server.destroy(),
    restart: start,
    stop: async () => {
      for (const link of links) await link.close();
      await server.destroy();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const link = await openRedis(url);
    await link.call("PING");
    await link.close();
    return true;
  } catch {
    return false;
  }
}
