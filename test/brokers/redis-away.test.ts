import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { readRedisServer } from "@nightshift/brokers/redis/server";
import { realBrokers, redisSettings, rowOf } from "./harness/brokers.ts";
import { freePort, freshFolder } from "./harness/places.ts";
import { type RedisServerProcess, startRedis } from "./harness/redis.ts";
import { makeApp, sendTasks } from "./harness/worker.ts";

let redis: RedisServerProcess | undefined;
afterEach(async () => {
  await redis?.stop();
  redis = undefined;
});

const asked = (url: string) => ({ broker: redisSettings(url), queues: ["celery"], heartbeats: false, acksLate: false });

describe("a Redis that is away", () => {
  it("is unknown while it is, and seen again when it is back, over the same ports of ours", async () => {
    redis = await startRedis({ password: "hunter 2%" });
    const { queues, workers } = realBrokers();
    await sendTasks("5.6", await makeApp(redis.url), [{ seconds: 1 }, { seconds: 1 }]);
    expect(rowOf(await queues.probe(asked(redis.url))).waiting).toBe(2);

    await redis.kill();
    for (let look = 0; look < 3; look += 1) {
      const reading = await queues.probe(asked(redis.url));
      expect(reading).toMatchObject({ kind: "unknown", broker: "redis" });
      expect(reading.kind === "unknown" && reading.because).toBe(
        "redis:connect on the broker: the connection was refused: nothing listens there, or a security group is in the way",
      );
    }
    await expect(workers.look(redisSettings(redis.url), [])).rejects.toThrow("the connection was refused");

    await redis.restart();
    expect(rowOf(await queues.probe(asked(redis.url))).waiting).toBe(0);
    await redis.kill();
    await redis.restart();
    // The connection of the last look is dead, which is not the broker's being away.
    expect(rowOf(await queues.probe(asked(redis.url))).waiting).toBe(0);
  });

  it("a wrong password, none, or an unknown user is told as that, without it", async () => {
    redis = await startRedis({ password: "right" });
    const { queues } = realBrokers();
    const say = async (url: string): Promise<string> => {
      const reading = await queues.probe(asked(url));
      return reading.kind === "unknown" ? reading.because : "seen";
    };
    expect(await say(redis.url)).toBe("seen");
    expect(await say(redis.url.replace("right", "wrong"))).toBe("redis:connect on the broker: Redis refused the user or password; check the broker's secret");
    expect(await say(redis.url.replace(":right", "someone:right"))).toBe(
      "redis:connect on the broker: Redis refused the user or password; check the broker's secret",
    );
    expect(await say(redis.url.replace(":right@", ""))).toContain("Redis wants a password and the broker's secret holds none");
    expect(await say("127.0.0.1:6379")).toContain("the secret must hold redis:// or rediss://USER:PASSWORD@HOST:PORT/DB");
  });

  it("a database that it does not have is unknown, and never read as database 0", async () => {
    redis = await startRedis();
    await (await redis.link()).call("LPUSH", "celery", "x");
    const reading = await realBrokers().queues.probe(asked(redis.url.replace(/0$/, "99")));
    expect(reading.kind === "unknown" && reading.because).toBe(
      "redis:connect on the broker: Redis has no database of this number; check the number after the last / of the address",
    );
  });

  it("a server that accepts and never answers is unknown within seconds", async () => {
    redis = await startRedis();
    const { queues } = realBrokers();
    expect((await queues.probe(asked(redis.url))).kind).toBe("seen");
    const link = await redis.link();
    // Everybody is held for longer than the probe has patience; it is asked not to wait for the answer.
    void link.call("CLIENT", "PAUSE", 9_000, "ALL").catch(() => undefined);
    const began = performance.now();
    const reading = await queues.probe(asked(redis.url));
    expect(reading.kind === "unknown" && reading.because).toContain("Redis did not answer in time");
    expect(performance.now() - began).toBeLessThan(9_000);
  });

  it("a Redis in cluster mode is refused in plain words", async () => {
    redis = await startRedis({ args: ["--cluster-enabled", "yes"] });
    const reading = await realBrokers().queues.probe(asked(redis.url));
    expect(reading.kind === "unknown" && reading.because).toBe(
      "Redis runs in cluster mode, which Celery's Redis transport does not speak; point the broker's secret at a Redis with cluster mode disabled",
    );
  });
});

describe("a Redis behind TLS", () => {
  it("is spoken to over rediss://, and a certificate that nobody vouches for is refused", async () => {
    const folder = await freshFolder("tls");
    const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
    const words = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-subj",
      "/CN=localhost",
      "-addext",
      "subjectAltName=DNS:localhost",
      "-keyout",
      key,
      "-out",
      certificate,
    ];
    await promisify(execFile)("openssl", words);
    const port = await freePort();
    const tls = [
      "--tls-port",
      String(port),
      "--tls-cert-file",
      certificate,
      "--tls-key-file",
      key,
      "--tls-ca-cert-file",
      certificate,
      "--tls-auth-clients",
      "no",
    ];
    redis = await startRedis({ args: tls });
    const reading = await realBrokers().queues.probe(asked(`rediss://localhost:${port}/0`));
    expect(reading.kind === "unknown" && reading.because).toContain("the TLS certificate was not accepted");

    // Trust comes with the process, as in Lambda: one that trusts it sees the queue.
    const probe = `
      import { openRedis } from "@nightshift/brokers/redis/link";
      const link = await openRedis("rediss://localhost:${port}/0");
      console.log(await link.call("LLEN", "celery"));
      await link.close();`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", "--input-type=module", "-e", probe], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
    });
    expect(stdout).toBe("0\n");
  });
});

describe("the server's account of itself", () => {
  it("tells the doctor its version, eviction policy, limits and who else keeps keys there", async () => {
    redis = await startRedis({ args: ["--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"] });
    const link = await redis.link();
    await link.call("SET", "session:1", "x");
    await link.call("SELECT", 3);
    await link.call("SET", "a", "x");
    await link.call("SET", "b", "x");
    const server = await readRedisServer(link);
    expect(server).toMatchObject({ cluster: false, evictionPolicy: "allkeys-lru", maxMemoryBytes: 67_108_864, replica: false });
    expect(server.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(server.databases).toEqual([
      { database: 0, keys: 1 },
      { database: 3, keys: 2 },
    ]);
  });
});
