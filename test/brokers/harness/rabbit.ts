import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { freePort, freshFolder } from "./places.ts";
import { type Running, startProcess, until } from "./process.ts";

/** A RabbitMQ of the test's own, with its management API. */
export interface RabbitServerProcess {
  readonly url: string;
  readonly managementUrl: string;
  readonly kill: () => Promise<void>;
  /** Starts it again on the same ports, with what it kept on disk. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts Debian's RabbitMQ with a node name, cookie, ports and folders of its own; takes about ten seconds.
 * Source of the variables: "Configuration", https://www.rabbitmq.com/docs/configure, 2026-11-21.
 */
export async function startRabbit(): Promise<RabbitServerProcess> {
  const folder = await freshFolder("rabbit");
  const [amqp, management, distribution, epmd] = [await freePort(), await freePort(), await freePort(), await freePort()];
  await writeFile(path.join(folder, "enabled_plugins"), "[rabbitmq_management].\n");
  await writeFile(
    path.join(folder, "rabbitmq.conf"),
    `listeners.tcp.1 = 127.0.0.1:${amqp}\nmanagement.tcp.ip = 127.0.0.1\nmanagement.tcp.port = ${management}\nloopback_users = none\n`,
  );
  const env = {
    HOME: folder,
    RABBITMQ_BASE: folder,
    RABBITMQ_NODENAME: `nightshift${amqp}@localhost`,
    RABBITMQ_NODE_PORT: String(amqp),
    RABBITMQ_DIST_PORT: String(distribution),
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    // So that it can be ended while it still believes the node to live.
    ERL_EPMD_RELAXED_COMMAND_CHECK: "1",
    RABBITMQ_MNESIA_BASE: path.join(folder, "mnesia"),
    RABBITMQ_LOG_BASE: path.join(folder, "log"),
    RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, "enabled_plugins"),
    RABBITMQ_CONFIG_FILE: path.join(folder, "rabbitmq.conf"),
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    // One scheduler: a second one only burns what the workers need.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "+S 1:1 +A 8 -kernel inet_dist_use_interface {127,0,0,1}",
  };
  const managementUrl = `http://guest:guest@127.0.0.1:${management}`;
  let server: Running;
  async function start(): Promise<void> {
    server = startProcess({ run: "/usr/lib/rabbitmq/bin/rabbitmq-server", args: [], env, cwd: folder, log: path.join(folder, "rabbit.log") });
    await until("RabbitMQ answers", () => answers(management, server), 90);
  }
  await start();
  return { url: `amqp://guest:guest@127.0.0.1:${amqp}//`, managementUrl, kill: () => server.destroy(), restart: start, stop: () => end(server, epmd) };
}

/** Erlang's port mapper leaves RabbitMQ's process group, so it is ended by its own word. */
async function end(server: Running, epmd: number): Promise<void> {
  await server.destroy();
  await new Promise((resolve) =>
    spawn("/usr/bin/epmd", ["-port", String(epmd), "-kill"], { stdio: "ignore" })
      .on("close", resolve)
      .on("error", resolve),
  );
}

async function answers(port: number, server: Running): Promise<boolean> {
  if (server.result() !== undefined) throw new Error(`RabbitMQ ended at its start: ${(await server.said()).slice(-2_000)}`);
  try {
    const headers = { authorization: `Basic ${Buffer.from("guest:guest").toString("base64")}` };
    return (await fetch(`http://127.0.0.1:${port}/api/health/checks/local-alarms`, { headers })).ok;
  } catch {
    return false;
  }
}
