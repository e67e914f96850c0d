import { epochMs, type Ms } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, it } from "vitest";
import type { AmqpLink } from "../connections.ts";
import { createRabbitControl } from "./control.ts";

interface Request {
  readonly method: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly destination: readonly string[] | null;
  readonly ticket: string;
  readonly reply_to: { readonly exchange: string; readonly routing_key: string };
}

/** Workers behind `celery.pidbox` that do what they are told, each with the queues it consumes from. */
function workersOf(queues: Readonly<Record<string, readonly string[]>>) {
  const consuming = new Map(Object.entries(queues).map(([name, all]) => [name, new Set(all)]));
  const heard: { readonly request: Request; readonly replyKey: string; readonly atMost: number; readonly window: Ms }[] = [];
  const silent = new Set<string>();
  const answer = (name: string, { method, arguments: given }: Request): unknown => {
    const own = consuming.get(name) ?? new Set();
    const queue = String(given["queue"]);
    switch (method) {
      case "active":
        return [{ id: "1" }];
      case "reserved":
        return [{ id: "2" }, { id: "3" }];
      case "scheduled":
        return [];
      case "stats":
        return { total: { nap: 4 }, pool: { "max-concurrency": 2 } };
      case "active_queues":
        return [...own].map((one) => ({ name: one }));
      case "cancel_consumer":
        own.delete(queue);
        return { ok: `no longer consuming from ${queue}` };
      case "add_consumer":
        if (queue === "forbidden") return { error: "no such queue" };
        own.add(queue);
        return { ok: `add consumer ${queue}` };
      default:
        throw new Error(`no worker knows ${method}`);
    }
  };
  const amqp: AmqpLink = {
    check: async () => undefined,
    listen: async () => [],
    close: async () => undefined,
    ask: async ({ exchange, body, replyExchange, replyKey, atMost }, window) => {
      expect([exchange, replyExchange]).toEqual(["celery.pidbox", "reply.celery.pidbox"]);
      const request: Request = JSON.parse(body);
      heard.push({ request, replyKey, atMost, window });
      const asked = [...consuming.keys()].filter((name) => !silent.has(name) && (request.destination === null || request.destination.includes(name)));
      return asked.slice(0, atMost).map((name) => JSON.stringify({ [name]: answer(name, request) }));
    },
  };
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id-${ids}`;
  };
  const control = createRabbitControl(amqp, { now: () => epochMs(1_000), newId });
  return { control, consuming, heard, silent };
}

describe("workers that are asked over AMQP", () => {
  it("say what they execute, hold and consume from", async () => {
    const { control } = workersOf({ "celery@ip-10-0-1-23": ["a", "b"] });
    expect(await control.look([])).toEqual([
      { name: "celery@ip-10-0-1-23", ip: "10.0.1.23", at: 1_000, active: 1, reserved: 2, scheduled: 0, processed: 4, slots: 2, queues: ["a", "b"] },
    ]);
  });

  it("are absent when they are silent", async () => {
    const { control, silent } = workersOf({ "celery@a": ["a"], "celery@b": ["a"] });
    silent.add("celery@a");
    expect((await control.look(["celery@a", "celery@b"])).map((one) => one.name)).toEqual(["celery@b"]);
  });

  it("are waited for a second, and no longer than until all who were named have answered", async () => {
    const { control, heard } = workersOf({ "celery@a": ["a"] });
    await control.look(["celery@a"]);
    await control.look([]);
    expect(heard.map(({ window, atMost, request }) => [window, atMost, request.destination])).toEqual([
      ...Array.from({ length: 5 }, () => [1_000, 1, ["celery@a"]]),
      ...Array.from({ length: 5 }, () => [1_000, Number.POSITIVE_INFINITY, null]),
    ]);
  });

  it("answer each question to a queue of its own", async () => {
    const { control, heard } = workersOf({ "celery@a": ["a"] });
    await control.look([]);
    expect(heard.map(({ request, replyKey }) => [request.reply_to.routing_key, request.ticket, replyKey])).toEqual(
      ["id-1", "id-2", "id-3", "id-4", "id-5"].map((id) => [id, id, id]),
    );
  });
});

describe("a worker that is told over AMQP", () => {
  it("takes no more work from any of its queues, and takes it again", async () => {
    const { control, consuming } = workersOf({ "celery@a": ["a", "b"], "celery@b": ["a", "b"] });
    expect(await control.stopConsuming("celery@a", ["a", "b"])).toBe(true);
    expect([...consuming].map(([name, queues]) => [name, [...queues]])).toEqual([
      ["celery@a", []],
      ["celery@b", ["a", "b"]],
    ]);
    expect(await control.startConsuming("celery@a", ["a", "b"])).toBe(true);
    expect([...(consuming.get("celery@a") ?? [])]).toEqual(["a", "b"]);
  });

  it("did not do it when it is silent, is not there, refuses one of several, or was told nothing", async () => {
    const { control, silent } = workersOf({ "celery@a": ["a"] });
    expect(await control.startConsuming("celery@a", ["a", "forbidden"])).toBe(false);
    expect(await control.stopConsuming("celery@a", [])).toBe(false);
    expect(await control.stopConsuming("celery@c", ["a"])).toBe(false);
    silent.add("celery@a");
    expect(await control.stopConsuming("celery@a", ["a"])).toBe(false);
  });

  it("is not taken for silent when the broker is away", async () => {
    const gone = new PortError("unavailable", "rabbitmq:ask", "the broker", "the connection was closed");
    const amqp: AmqpLink = { check: async () => undefined, listen: async () => [], close: async () => undefined, ask: () => Promise.reject(gone) };
    const control = createRabbitControl(amqp, { now: () => epochMs(0), newId: () => "id" });
    await expect(control.look([])).rejects.toBe(gone);
    await expect(control.stopConsuming("celery@a", ["a"])).rejects.toBe(gone);
  });
});
