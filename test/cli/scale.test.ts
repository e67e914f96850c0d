import { decision, night } from "@nightshift/cli/scaling/decision.fixture";
import { epochMs, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { BrokerConnections } from "@nightshift/brokers/connections";
import type { Place } from "@nightshift/cli/place/place";
import { checkConfig } from "@nightshift/config";
import { describe, expect, it } from "vitest";
import { ledgered, nightshift, nowhere } from "./harness.ts";
import scaled from "./scale.config.ts";

const config = ["--config", "test/cli/scale.config.ts"];

/** A Redis with four waiting tasks in two priority lists, and nobody at work. */
function fakeRedis(closed: string[] = []): BrokerConnections {
  const lists: Readonly<Record<string, number>> = { celery: 3, "celery\u0006\u00163": 1 };
  const answers = (command: string, args: readonly (string | number)[]): unknown => {
    switch (command.toUpperCase()) {
      case "INFO":
        return `# ${String(args[0])}\r\nredis_version:7.0.15\r\nrun_id:abc\r\nrole:master\r\nmaxmemory_policy:allkeys-lru\r\ncluster_enabled:0\r\ndb0:keys=3,expires=0,avg_ttl=0\r\n`;
      case "LLEN":
        return lists[String(args[0])] ?? 0;
      case "SCAN":
        return ["0", ["celery", "_kombu.binding.celery", ":1:session"]];
      case "EXISTS":
        return 1;
      case "HLEN":
      case "ZCARD":
      case "SCARD":
      case "PUBLISH":
        return 0;
      case "HSCAN":
      case "ZSCAN":
        return ["0", []];
      default:
        return [];
    }
  };
  return {
    redis: async (url) => {
      if (url.includes("away")) throw new PortError("unavailable", "redis:connect", "the broker", "the connection was refused");
      return { call: async (command, ...args) => answers(command, args), listen: async () => [], close: async () => void closed.push("redis") };
    },
    amqp: async () => {
      throw new PortError("unavailable", "amqp:connect", "the broker", "the connection was refused");
    },
    management: () => ({ get: async () => ({ status: 404, body: {} }) }),
  };
}

const withRedis = (environment: Place["environment"] = {}, closed: string[] = []): Place => {
  const ids = ["a", "b", "c", "d"].values();
  return nowhere({ environment, brokers: { connections: fakeRedis(closed), newId: () => ids.next().value ?? "e" } });
};
const address = "redis://app:hunter2@cache:6379/0";

it("the config of these tests is sound", () => {
  expect(checkConfig(scaled)).toMatchObject({ problems: [], resolved: { workers: [{ service: "shop-worker" }] } });
});

describe("queues", () => {
  it("show what waits, by priority, and close the connection", async () => {
    const closed: string[] = [];
    const { exit, out, err } = await nightshift(["queues", "--queue", "celery"], withRedis({ CELERY_BROKER_URL: address }, closed));
    expect([exit, err]).toEqual([0, []]);
    expect(out).toContain("● celery");
    expect(out.find((line) => line.includes("waiting"))).toMatch(/^ {4}waiting +4 +LLEN of 4 priority lists, 0 s old, counted$/);
    expect(out).toContain("    by priority  0: 3, 3: 1, 6: 0, 9: 0");
    expect(closed).toEqual(["redis"]);
  });

  it("never print an address, say when a password stood in the command, and give JSON", async () => {
    const openly = await nightshift(["queues", "--broker", address], withRedis());
    expect(openly.out.at(-1)).toBe("The password in this command stands in your shell's history now: use --broker env:CELERY_BROKER_URL.");
    const json = await nightshift(["queues", "--broker", "env:SHOP", "--json"], withRedis({ SHOP: address }));
    expect(JSON.parse(json.out[0] ?? "")).toMatchObject({ kind: "seen", broker: "redis", queues: [{ queue: "celery", waiting: { value: 4, confidence: 1 } }] });
    expect(JSON.stringify([openly, json])).not.toContain("hunter2");
  });

  it("a broker that is away is unknown, not empty, and the command fails", async () => {
    const { exit, out } = await nightshift(["queues", "--broker", "env:SHOP"], withRedis({ SHOP: "redis://app:hunter2@away/0" }));
    expect(exit).toBe(1);
    expect(out).toEqual(["redis: nothing is known, because redis:connect on the broker: the connection was refused"]);
  });

  it("refuse a queue without a name", async () => {
    const { exit, err } = await nightshift(["queues", "--queue", ""], withRedis({ CELERY_BROKER_URL: address }));
    expect([exit, err]).toEqual([2, ["queues: --queue is empty; name a queue, or leave it out for celery."]]);
  });

  it("say which variable is missing", async () => {
    const { exit, err } = await nightshift(["queues"], withRedis());
    expect(exit).toBe(2);
    expect(err[0]).toContain("the variable CELERY_BROKER_URL is not set");
  });
});

describe("scale explain and scale replay", () => {
  it("tell the last decision in words, with a person's order", async () => {
    const account = await ledgered();
    const order = { service: "shop-worker", workers: 16, max: undefined, by: "ada", because: "sale", at: night, until: epochMs(night + 5_400_000) };
    await account.lab.run(async () => {
      await account.ports.scalingBook.record(decision);
      await account.ports.scalingBook.order(order);
    });
    const { exit, out } = await account.nightshift(["scale", "explain", "shop-worker", ...config]);
    expect(exit).toBe(0);
    expect(out[0]).toMatch(/^Ordered by ada, for 1 h \d+ m more: 16 workers \(sale\)$/);
    expect(out).toContain("2026-03-14 03:12:08 UTC  out: 2 → 5 workers");
    expect(out).toContain("  because  the longest wait would be 1 m 35 s, and 60 s is promised");
    const json = JSON.parse((await account.nightshift(["scale", "explain", "shop-worker", "--json", ...config])).out[0] ?? "");
    expect(json).toMatchObject({ service: "shop-worker", order: { workers: 16 }, state: null, decisions: [{ verdict: { kind: "out", desired: 5 } }] });
  });

  it("say that nothing is on record, and name the service that was meant", async () => {
    const account = await ledgered();
    expect((await account.nightshift(["scale", "explain", "shop-worker", ...config])).out).toEqual([
      "No decision about shop-worker is on record yet: the scaler looks once a minute after `npx sst deploy`.",
    ]);
    const slip = await account.nightshift(["scale", "explain", "shop-wroker", ...config]);
    expect(slip.exit).toBe(2);
    expect(slip.err[0]).toContain('did you mean "shop-worker"?');
  });

  it("what explain writes, replay reads and decides again, by the line", async () => {
    const account = await ledgered();
    const later = epochMs(night + 900_000);
    await account.lab.run(async () => {
      await account.ports.scalingBook.record(decision);
      await account.ports.scalingBook.record({ ...decision, at: later, observation: { ...decision.observation, at: later } });
    });
    const written = (await account.nightshift(["scale", "explain", "shop-worker", "--observations", ...config])).out;
    expect(written.map((line) => JSON.parse(line).at)).toEqual([night, later]);
    const again = await account.nightshift(["scale", "replay", "-", ...config], undefined, written.join("\n"));
    expect(again.exit).toBe(0);
    expect(again.out.at(-1)).toMatch(/^2 lines decided again with test\/cli\/scale\.config\.ts: \d as then, \d otherwise\.$/);
    const json = JSON.parse((await account.nightshift(["scale", "replay", "-", "--json", ...config], undefined, written.join("\n"))).out[0] ?? "");
    expect(json.lines.map((line: { readonly line: number; readonly was: { readonly desired: number } }) => [line.line, line.was.desired])).toEqual([
      [1, 5],
      [2, 5],
    ]);
  });

  it("a bad line is named by file and line, and nothing is decided", async () => {
    const { exit, out, err } = await nightshift(
      ["scale", "replay", "-", ...config],
      nowhere({ input: async () => `${JSON.stringify(decision)}\n{"service": 7}\n` }),
    );
    expect([exit, out]).toEqual([2, []]);
    expect(err[0]).toBe(
      "-:2: expected a text at service, got 7. Mend the line, or take it out; `npx nightshift scale explain SERVICE --observations` prints lines as they are expected.",
    );
  });
});

describe("scale doctor", () => {
  it("reads the task definition in the account and the broker where it is given", async () => {
    const account = await ledgered();
    account.world.product({
      name: "shop",
      cluster: "shop-prod",
      services: [{ name: "shop-worker", worker: { queue: "celery", jobsPerMinute: 6 }, stopTimeout: seconds(90) }],
      dependencies: {},
    });
    const { exit, out } = await account.nightshift(["scale", "doctor", "shop-worker", "--all", ...config]);
    const text = out.join(" ").replaceAll(/\s+/g, " ");
    expect(text).toContain("1 m 30 s from SIGTERM to SIGKILL; the config says 30 s");
    expect(text).toContain("REMAP_SIGTERM is not set in the task definition");
    expect(text).toContain("could not be seen, because no address of the broker was given");
    expect(exit).toBe(0);
  });

  it("dangerous findings fail the command, and what was not seen says why", async () => {
    const { exit, out } = await nightshift(["scale", "doctor", "--json", ...config], withRedis({ CELERY_BROKER_URL: address, AWS_REGION: "nowhere" }));
    const found = JSON.parse(out[0] ?? "") as readonly {
      readonly id: string;
      readonly checkup: { readonly kind: string; readonly found?: string; readonly because?: string };
    }[]; // our own JSON
    const of = (id: string) => found.find((one) => one.id === id)?.checkup;
    expect(exit).toBe(1);
    expect(of("S8")?.found).toContain("maxmemory-policy allkeys-lru");
    expect(of("S9")?.found).toBe("1 of 3 sampled keys of database 0 are not Celery's, such as :1:session");
    expect(of("S3")).toMatchObject({ kind: "unseen" });
    expect(out.join("\n")).not.toContain("hunter2");
  });
});
