import { epochMs, seconds } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import type { RedisLink } from "../connections.ts";
import { openPayload } from "./payload.ts";
import { createRedisControl } from "./redis-control.ts";

const settings = { kind: "redis", secret: "broker", keyPrefix: "shop:", prioritySteps: [0], separator: "\x06\x16", visibilityTimeout: seconds(3_600) } as const;

/** A Redis with one worker behind a channel: what it is told comes in at once, and its answer after so many looks. */
function workerBehind(channel: string, says: (method: string) => unknown, slow = 0) {
  const [sets, lists] = [new Map<string, string>(), new Map<string, string[]>()];
  let looks = 0;
  const asked: string[] = [];
  const link: RedisLink = {
    listen: async () => [],
    close: async () => undefined,
    call: async (command, ...args) => {
      const [key, value] = args.map(String);
      if (key === undefined) throw new Error("no key");
      switch (command) {
        case "SADD":
          sets.set(key, value ?? "");
          return 1;
        case "SREM":
          sets.delete(key);
          return 1;
        case "DEL":
          lists.delete(key);
          return 1;
        case "PUBLISH": {
          if (key !== channel) return 0;
          const request = JSON.parse(openPayload(value ?? "")[0] ?? "") as { method: string; ticket: string; reply_to: { routing_key: string } };
          asked.push(request.method);
          const [, , queue = ""] = (sets.get("shop:_kombu.binding.reply.celery.pidbox") ?? "").split("\x06\x16");
          const body = Buffer.from(JSON.stringify({ "celery@a": says(request.method) })).toString("base64");
          const answer = JSON.stringify({ body, headers: { ticket: request.ticket }, properties: { body_encoding: "base64" } });
          lists.set(`shop:${queue}`, [answer, ...(lists.get(`shop:${queue}`) ?? [])]);
          return 1;
        }
        case "RPOP":
          looks += 1;
          return looks <= slow ? null : (lists.get(key)?.pop() ?? null);
        default:
          throw new Error(`nobody asks a broker for ${command} to reach workers`);
      }
    },
  };
  const ids = ["id-1", "id-2", "id-3", "id-4", "id-5", "id-6", "id-7", "id-8", "id-9", "id-10", "id-11"];
  let paused = 0;
  const clock = {
    now: () => epochMs(5),
    pause: async (length: number) => {
      paused += length;
    },
  };
  const control = createRedisControl({ link, database: 3 }, settings, { clock, newId: () => ids.shift() ?? "too many ids" });
  return { control, asked, left: () => sets.size + lists.size, paused: () => paused };
}

const all = (method: string): unknown => (method === "stats" ? {} : []);

describe("asking over Redis", () => {
  it("all five questions go out at once to the prefixed channel of the database, and nothing of the asking stays behind", async () => {
    const it = workerBehind("shop:/3.celery.pidbox", all);
    expect(await it.control.look([])).toMatchObject([{ name: "celery@a", active: 0, reserved: 0, scheduled: 0, queues: [] }]);
    expect(it.asked).toEqual(["active", "reserved", "scheduled", "stats", "active_queues"]);
    expect([it.left(), it.paused()]).toEqual([0, 0]);
  });

  it("workers without a fanout prefix are reached by the bare channel", async () => {
    expect(await workerBehind("shop:celery.pidbox", all).control.look(["celery@a"])).toHaveLength(1);
  });

  it("when nobody listens nobody is waited for", async () => {
    const it = workerBehind("another channel", all);
    expect([await it.control.look([]), it.paused(), it.left()]).toEqual([[], 0, 0]);
  });

  it("an answer within a second counts, and a later one is none", async () => {
    expect(await workerBehind("shop:/3.celery.pidbox", all, 39).control.look([])).toHaveLength(1);
    const late = workerBehind("shop:/3.celery.pidbox", all, 1_000);
    expect([await late.control.look([]), late.paused()]).toEqual([[], 975]);
  });

  it("a worker that was told is believed only when it says ok for every queue, under its own name", async () => {
    const ok = (): unknown => ({ ok: "no longer consuming" });
    expect(await workerBehind("shop:/3.celery.pidbox", ok).control.stopConsuming("celery@a", ["mail", "celery"])).toBe(true);
    expect(await workerBehind("shop:/3.celery.pidbox", ok).control.stopConsuming("celery@b", ["mail"])).toBe(false);
    expect(await workerBehind("shop:/3.celery.pidbox", ok).control.stopConsuming("celery@a", [])).toBe(false);
    const words = [{ ok: "yes" }, { error: "KeyError()" }];
    const half = (): unknown => words.shift();
    expect(await workerBehind("shop:/3.celery.pidbox", half).control.startConsuming("celery@a", ["mail", "celery"])).toBe(false);
  });
});
