import { guarded, settingsFor } from "@nightshift/decide/fixtures";
import { ecsDeploymentId, serviceName } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { clear, resolve, ring, stage, texts } from "./intake.fixture.ts";
import { atSecond } from "./testing/fake-incidents.ts";

describe("a first alarm", () => {
  test("opens an incident, says why, and starts its war room; the first notice of a P3 waits for what else comes", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0)]);
    const [incident] = await it.all();
    expect(incident).toMatchObject({
      id: expect.stringMatching(/^INC-260314-0300-api-[0-9a-f]{4}$/),
      group: "api",
      service: "api",
      severity: "P3",
      title: "api/5xx rings",
      openedAt: atSecond(0),
      state: "open",
      announcedAt: undefined,
      firing: 1,
    });
    expect(incident?.entries.map(({ key, text }) => [key, text])).toEqual([["opened", "api/5xx rings. api/5xx is ALARM"]]);
    expect(it.starts).toEqual([`war-room war-room-${incident?.id}`]);
  });
  test("of a P1 is announced at once", async () => {
    const it = stage();
    await it.take([ring("api/down", 0, { severity: "P1", role: "down" })]);
    expect((await it.all())[0]?.announcedAt).toBe(atSecond(1));
  });
  test("that is over already opens an incident that nobody loses, with the alarm cleared", async () => {
    const it = stage();
    await it.take([clear("api/5xx", 30), ring("api/5xx", 0)]);
    expect((await it.all()).map((one) => [one.firing, one.clearSince])).toEqual([[0, atSecond(30)]]);
  });
  test("that comes after its own OK opens an incident in which it is over", async () => {
    const it = stage();
    expect(texts(await it.take([clear("api/5xx", 30)]))).toEqual(["nothing rings, and no incident is open"]);
    await it.take([ring("api/5xx", 0)]);
    expect((await it.all()).map((one) => [one.firing, one.clearSince])).toEqual([[0, atSecond(30)]]);
  });
  const watched = (at: number) => ({
    group: "api",
    key: "guard/api/ecs-svc/1",
    members: { api: ecsDeploymentId("ecs-svc/1") },
    openedAt: atSecond(at),
    state: "watching" as const,
    ours: [],
    tailUntil: atSecond(86_400),
    verdict: undefined,
  });
  test.each([
    ["suspects a deployment that began 30 minutes before", -1_800, "Suspected: deployment of api, 30 m before the first sign."],
    ["suspects none that began a second earlier", -1_801, undefined],
    ["suspects none that began after it", 1, undefined],
  ])("%s", async (_, at, text) => {
    const it = stage();
    it.settings = [{ ...settingsFor(guarded("api", { group: "api", dependencies: [] })), group: "api" }];
    it.watched.push(watched(at));
    await it.take([ring("api/5xx", 0)]);
    expect((await it.all())[0]?.entries.find((one) => one.key === "suspect")?.text).toBe(text);
  });
});

describe("what comes next", () => {
  test("is one incident a group, however many alarms and batches", async () => {
    const it = stage();
    for (let batch = 0; batch < 5; batch++) await it.take(Array.from({ length: 200 }, (_, n) => ring(`api/alarm-${batch * 200 + n}`, batch)));
    const incidents = await it.all();
    expect(incidents.map((one) => [one.firing, one.alarms.length])).toEqual([[1_000, 1_000]]);
    // Five batches, all into the first shard.
    expect(it.writes.alarms).toBe(5);
  });
  test("that was delivered before writes no alarm again", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0)]);
    const before = it.writes.alarms;
    await it.take([ring("api/5xx", 0)]);
    expect([it.writes.alarms - before, (await it.all()).length]).toEqual([0, 1]);
  });
  test("wakes the war room when what is due could change, and only then", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0, { severity: "P2" })]);
    const [incident] = await it.all();
    it.callbacks.set(incident?.id ?? "", "callback");
    const woke = async (...batch: Parameters<typeof it.take>[0]) => {
      const before = it.woken.length;
      await it.take(batch);
      return it.woken.length > before;
    };
    expect(await woke(ring("api/latency", 1, { severity: "P2" }))).toBe(false);
    expect(await woke(ring("api/down", 2, { severity: "P1" }))).toBe(true);
    expect(await woke(clear("api/down", 3))).toBe(false);
    expect(await woke(clear("api/5xx", 4), clear("api/latency", 4))).toBe(true);
    expect(await woke(ring("api/5xx", 5))).toBe(true);
  });
  test("is taken although the war room cannot be woken", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0)]);
    it.callbacks.set((await it.all())[0]?.id ?? "", "callback");
    it.failOnce.add("wake");
    const took = await it.take([clear("api/5xx", 9)]);
    expect([texts(took)[0], took.failed]).toEqual([expect.stringContaining("its war room was not woken: fake:wake on wake: it was lost"), []]);
  });
});

describe("after the end", () => {
  const ended = async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0), clear("api/5xx", 10)]);
    const id = (await it.all())[0]?.id ?? "";
    await resolve(it, id, 100);
    return { it, id };
  };
  test.each([
    ["ten minutes later is the same incident", 100 + 600, 1, "open"],
    ["a second more is a new one", 100 + 601, 2, "resolved"],
    ["a moment before the end, unknown to whoever ended it, opens it again", 99, 1, "open"],
  ])("an alarm that rings %s", async (_, at, incidents, state) => {
    const { it } = await ended();
    it.now = at + 1;
    await it.take([ring("api/latency", at)]);
    const all = await it.all();
    expect([all.length, all[0]?.state]).toEqual([incidents, state]);
  });
  test("an alarm that was known to ring when a person ended it, and comes once more, changes nothing", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0)]);
    const id = (await it.all())[0]?.id ?? "";
    await it.incidents.say(id, {
      key: "resolved/1",
      at: atSecond(100),
      kind: "resolved",
      text: "",
      announce: true,
      change: { what: "resolved", how: "person" },
    });
    it.now = 101;
    expect(texts(await it.take([ring("api/5xx", 0)]))).toEqual([`past ${id}: merged`]);
    expect((await it.all()).map((one) => one.state)).toEqual(["resolved"]);
  });
  test("an alarm that was under way at the end wakes the room of its incident, also where a crash came between", async () => {
    const { it, id } = await ended();
    it.callbacks.set(id, "callback-1");
    it.now = 105;
    it.failOnce.add("alarms");
    const down = ring("api/down", 97, { severity: "P1", role: "down" });
    expect((await it.take([down])).failed).toEqual([{ message: "api/down ALARM 97", error: "fake:alarms on alarms: it was lost" }]);
    expect(texts(await it.take([down]))).toEqual([`join ${id}: it is P1 now; its war room was woken`]);
    expect((await it.all()).map((one) => [one.state, one.severity, one.firing])).toEqual([["open", "P1", 1]]);
    expect(it.woken).toEqual(["callback-1"]);
  });
  test("what a person ends while an alarm is being written is open again: they did not know of it", async () => {
    const it = stage();
    await it.take([ring("api/5xx", 0), clear("api/5xx", 10)]);
    const id = (await it.all())[0]?.id ?? "";
    const { replace } = it.world.incidentAlarms;
    const byPerson = { key: "resolved/1", at: atSecond(100), kind: "resolved", text: "", announce: true, change: { what: "resolved", how: "person" } } as const;
    Object.assign(it.world, {
      incidentAlarms: {
        ...it.world.incidentAlarms,
        replace: async (...row: Parameters<typeof replace>) => {
          await it.incidents.say(id, byPerson);
          return replace(...row);
        },
      },
    });
    it.now = 101;
    await it.take([ring("api/down", 97, { severity: "P1" })]);
    expect((await it.all()).map((one) => [one.state, one.firing])).toEqual([["open", 1]]);
  });
  test("a late ALARM that is older than its OK reopens nothing", async () => {
    const { it } = await ended();
    it.now = 300;
    await it.take([clear("api/5xx", 200)]);
    await it.take([ring("api/5xx", 150)]);
    expect((await it.all()).map((one) => [one.state, one.firing])).toEqual([["resolved", 0]]);
  });
  test("a late ALARM long after is a new incident in which it is over, when its OK came first", async () => {
    const { it } = await ended();
    it.now = 5_000;
    await it.take([clear("api/5xx", 4_000)]);
    await it.take([ring("api/5xx", 3_000)]);
    expect((await it.all()).map((one) => [one.state, one.firing])).toEqual([
      ["resolved", 0],
      ["open", 0],
    ]);
  });
});

describe("what a person silenced", () => {
  const silence = { id: "s1", by: "ana", because: "load test", from: atSecond(0), until: atSecond(3_600) };
  test.each(["api", "api/5xx", "api/*", "all"])("opens nothing, and says so: %s", async (scope) => {
    const it = stage();
    it.silenced.push({ ...silence, scope });
    expect(texts(await it.take([ring("api/5xx", 0)]))).toEqual(["api/5xx opens no incident: silenced by ana until 04:00:00 UTC: load test"]);
    expect(await it.all()).toEqual([]);
  });
  test("rings again once the silence is over", async () => {
    const it = stage();
    it.silenced.push({ ...silence, scope: "api" });
    it.now = 3_600;
    await it.take([ring("api/5xx", 3_600)]);
    expect(await it.all()).toHaveLength(1);
  });
});

test("services keep their signals: the newest state of each alarm that they listen to", async () => {
  const it = stage();
  const listening = [serviceName("api")];
  const took = await it.take([
    { ...ring("api/5xx", 5), listening },
    { ...clear("api/5xx", 9), listening },
  ]);
  expect([...it.heard.values()]).toEqual([{ name: "api/5xx", value: "OK", since: atSecond(9), reason: "api/5xx is OK" }]);
  expect(texts(took).filter((text) => text.startsWith("remembered"))).toEqual(["remembered that api/5xx is ALARM", "remembered that api/5xx is OK"]);
});
