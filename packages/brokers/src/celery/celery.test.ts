import { epochMs } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { ipOf, readHeartbeats, readWorkers } from "./answers.ts";
import { openPayload, ticketOf, wrapPayload } from "./payload.ts";
import { controlMessage, readAnswers, saidOk } from "./wire.ts";

const at = epochMs(1_000);

describe("a request", () => {
  const asked = { method: "cancel_consumer", arguments: { queue: "mail" }, ticket: "t1", replyKey: "r1" } as const;
  it("names the workers it is for, and nobody when it is for all", () => {
    expect(JSON.parse(controlMessage({ ...asked, to: ["celery@a"] }))).toEqual({
      method: "cancel_consumer",
      arguments: { queue: "mail" },
      destination: ["celery@a"],
      pattern: null,
      matcher: null,
      ticket: "t1",
      reply_to: { exchange: "reply.celery.pidbox", routing_key: "r1" },
    });
    expect(JSON.parse(controlMessage({ ...asked, to: [] }))).toMatchObject({ destination: null });
  });

  it("comes out of its wrapping as it went in", () => {
    const payload = wrapPayload('{"é":1}', { exchange: "celery.pidbox", tag: "d1" });
    expect(openPayload(payload)).toEqual(['{"é":1}']);
    expect(JSON.parse(payload)).toMatchObject({
      "content-type": "application/json",
      properties: { delivery_tag: "d1", delivery_info: { exchange: "celery.pidbox" } },
    });
    expect(openPayload("no message")).toEqual([]);
    expect([ticketOf('{"headers":{"ticket":"t1"}}'), ticketOf("{}"), ticketOf("no message")]).toEqual(["t1", undefined, undefined]);
  });
});

describe("answers", () => {
  it("ok is ok, an error and anything else is not", () => {
    const [yes, no, odd] = readAnswers([
      '{"celery@a":{"ok":"no longer consuming from mail"}}',
      '{"celery@b":{"error":"ValueError()"}}',
      '{"celery@c":[]}',
      "half an answ",
    ]);
    expect([yes, no, odd].map((one) => one !== undefined && saidOk(one))).toEqual([true, false, false]);
  });

  const answers = (says: Partial<Record<"active" | "reserved" | "scheduled" | "stats" | "active_queues", unknown>>) => {
    const of = (name: keyof typeof says) => (name in says ? [{ worker: "celery@ip-10-0-1-23", says: says[name] }] : []);
    return { active: of("active"), reserved: of("reserved"), scheduled: of("scheduled"), stats: of("stats"), active_queues: of("active_queues") };
  };

  it("together say all about a worker", () => {
    const stats = { total: { nap: 4, mail: 3 }, pool: { "max-concurrency": 2 } };
    expect(readWorkers(answers({ active: [{}], reserved: [{}, {}], scheduled: [], stats, active_queues: [{ name: "mail" }, {}] }), at)).toEqual([
      { name: "celery@ip-10-0-1-23", ip: "10.0.1.23", at, active: 1, reserved: 2, scheduled: 0, processed: 7, slots: 2, queues: ["mail"] },
    ]);
  });

  it("that did not come are unknown, never empty", () => {
    expect(readWorkers(answers({ active: [] }), at)).toEqual([
      {
        name: "celery@ip-10-0-1-23",
        ip: "10.0.1.23",
        at,
        active: 0,
        reserved: undefined,
        scheduled: undefined,
        processed: undefined,
        slots: undefined,
        queues: undefined,
      },
    ]);
    expect(readWorkers(answers({ active: { error: "KeyError()" }, reserved: [] }), at)).toEqual([]);
    expect(readWorkers(answers({ reserved: [], stats: {} }), at)).toEqual([]);
    expect(readWorkers(answers({ active: [], reserved: { error: "x" } }), at)[0]?.reserved).toBeUndefined();
  });
});

describe("heartbeats", () => {
  const beat = (hostname: string, active: number, clock: number): string => JSON.stringify({ type: "worker-heartbeat", hostname, active, processed: 5, clock });
  it("count by worker, the newest by its clock", () => {
    const heard = readHeartbeats([beat("celery@b", 1, 7), beat("celery@a", 0, 3), beat("celery@b", 2, 9), beat("celery@b", 4, 8)], at);
    expect(heard.map((one) => [one.name, one.active, one.processed, one.reserved])).toEqual([
      ["celery@a", 0, 5, undefined],
      ["celery@b", 2, 5, undefined],
    ]);
  });

  it("in one message, of other kinds, or without what they are for, are taken as they are", () => {
    const several = `[${beat("celery@a", 1, 1)},${beat("celery@b", 1, 1)}]`;
    expect(
      readHeartbeats([several, '{"type":"worker-online","hostname":"celery@c","active":1}', '{"type":"worker-heartbeat","hostname":"celery@d"}', "x"], at),
    ).toHaveLength(2);
  });
});

describe("a node name", () => {
  it.each([
    ["celery@ip-10-0-1-23", "10.0.1.23"],
    ["celery@ip-10-0-1-23.eu-central-1.compute.internal", "10.0.1.23"],
    ["mail@10.0.1.23", "10.0.1.23"],
    ["celery@ip-10-0-1-256", undefined],
    ["celery@ip-10-0-1", undefined],
    ["celery@ip-10-0-1-23-blue", undefined],
    ["celery@8c1f0a2b9d3e", undefined],
    ["celery@version-10-0-1-23", undefined],
  ])("%s carries %s", (name, ip) => {
    expect(ipOf(name)).toBe(ip);
  });
});

it("of two who answer under one name nothing is known", () => {
  const says = (...all: readonly unknown[]) => all.map((one) => ({ worker: "celery@a", says: one }));
  const of = (active: ReturnType<typeof says>) => readWorkers({ active, reserved: says([]), scheduled: says([]), stats: [], active_queues: says([]) }, at);
  expect(of(says([])).map((one) => one.active)).toEqual([0]);
  expect(of(says([], [{}]))).toEqual([]);
});
