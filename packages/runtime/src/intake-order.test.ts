import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clear, resolve, ring, stage } from "./intake.fixture.ts";
import type { Failing } from "./testing/fake-incidents.ts";

describe("whatever the order, the batches and the crashes", () => {
  const storm = ["api/5xx", "api/latency", "api/cpu", "worker/queue"].flatMap((name, n) => [
    ring(name, n, { severity: n === 1 ? "P1" : "P3" }),
    clear(name, 20 + n),
    ...(n === 2 ? [ring(name, 40)] : []),
  ]);
  const stands = async (it: ReturnType<typeof stage>) =>
    (await it.all())
      .map(({ group, severity, state, openedAt, alarms, firing, clearSince }) => ({ group, severity, state, openedAt, alarms, firing, clearSince }))
      .toSorted((a, b) => (a.group < b.group ? -1 : 1));
  const crashes: readonly Failing[] = ["open", "say", "alarms", "point", "noted", "start"];

  test("the same alarms make the same incidents (invariants 21, 22, 23)", async () => {
    const straight = stage();
    await straight.take(storm);
    const expected = await stands(straight);
    expect(expected.map((one) => [one.group, one.severity, one.firing])).toEqual([
      ["api", "P1", 1],
      ["worker", "P3", 0],
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...storm, ...storm], { minLength: storm.length * 2 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.option(fc.constantFrom(...crashes), { nil: undefined }), { minLength: 40, maxLength: 40 }),
        async (events, size, faults) => {
          const it = stage();
          const queue = [...events];
          for (let round = 0; queue.length > 0 && round < 200; round++) {
            const batch = queue.splice(0, size);
            const fault = faults[round];
            if (fault !== undefined) it.failOnce.add(fault);
            const took = await it.take(batch);
            const failed = new Set(took.failed.map((one) => one.message));
            queue.push(...batch.filter((one) => failed.has(one.message)));
          }
          expect(await stands(it)).toEqual(expected);
          for (const one of await it.all()) {
            expect(it.starts).toContain(`war-room war-room-${one.id}`);
            expect(one.entries.map((entry) => entry.key)).toContain("opened");
            if (one.severity === "P1") expect(one.announcedAt).not.toBe(undefined);
          }
        },
      ),
      { seed: 20_261_121, numRuns: 300 },
    );
  });

  test("an incident that is ended meanwhile is open again where an alarm rings of which nobody knew, and stays ended where none does", async () => {
    const first = [ring("api/5xx", 0), clear("api/5xx", 10)];
    const underWay = (values: readonly ("ring" | "clear" | "none")[]) =>
      values.flatMap((last, n) => {
        const name = `api/late-${n}`;
        if (last === "none") return [];
        return [ring(name, 80 + n, { severity: n === 0 ? "P1" : "P3" }), ...(last === "clear" ? [clear(name, 90 + n)] : [])];
      });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("ring" as const, "clear" as const, "none" as const), { minLength: 3, maxLength: 3 }),
        fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.option(fc.constantFrom(...crashes), { nil: undefined }), { minLength: 40, maxLength: 40 }),
        async (values, order, endsAfter, size, faults) => {
          const it = stage();
          await it.take(first);
          const id = (await it.all())[0]?.id ?? "";
          const late = [...underWay(values), ...underWay(values)];
          const queue = late.map((one, n) => ({ one, at: order[n % order.length] ?? 0 })).toSorted((a, b) => a.at - b.at);
          for (let round = 0; queue.length > 0 && round < 200; round++) {
            it.now = 101 + round;
            // It is ended while the alarms are on their way, unless one rings by then.
            if (round === endsAfter && ((await it.all())[0]?.firing ?? 0) === 0) {
              it.failOnce.clear();
              await resolve(it, id, 100);
            }
            const fault = faults[round];
            if (fault !== undefined) it.failOnce.add(fault);
            const batch = queue.splice(0, size);
            const took = await it.take(batch.map(({ one }) => one));
            const failed = new Set(took.failed.map((one) => one.message));
            queue.push(...batch.filter(({ one }) => failed.has(one.message)));
          }
          const [incident, ...more] = await it.all();
          const ringing = values.filter((one) => one === "ring").length;
          expect([more, incident?.firing]).toEqual([[], ringing]);
          if (ringing > 0) expect(incident?.state).toBe("open");
          if (values.every((one) => one === "none")) expect(incident?.turns.reopened).toBe(0);
        },
      ),
      { seed: 20_261_121, numRuns: 300 },
    );
  });

  test("twelve thousand alarms of one incident fit into its eight rows of at most 400 kB, and none is left out", async () => {
    const it = stage();
    const reason = "Threshold Crossed: ".padEnd(300, "x");
    const alarms = Array.from({ length: 12_000 }, (_, n) => ring(`api/alarm-with-quite-a-long-name-${n}`, n / 100, { reason }));
    for (let from = 0; from < alarms.length; from += 1_000) await it.take(alarms.slice(from, from + 1_000));
    const rows = [...it.shards.values()];
    expect(rows.reduce((sum, row) => sum + row.alarms.length, 0)).toBe(12_000);
    expect(Math.max(...rows.map((row) => JSON.stringify(row).length))).toBeLessThan(400_000);
  });

  test("ten thousand events over twenty groups lose nothing, and cost one write a group and batch", async () => {
    const it = stage();
    const names = Array.from({ length: 10_000 }, (_, n) => ring(`svc${n % 20}/alarm-${Math.floor(n / 20)}`, n / 100));
    for (let from = 0; from < names.length; from += 1_000) await it.take(names.slice(from, from + 1_000));
    const all = await it.all();
    expect([all.length, all.map((one) => one.alarms.length)]).toEqual([20, Array.from({ length: 20 }, () => 500)]);
    expect(it.writes.alarms).toBe(20 * 10);
  });

  test("the thousand-and-first alarm goes to another shard, and stays there", async () => {
    const it = stage();
    await it.take(Array.from({ length: 1_000 }, (_, n) => ring(`api/alarm-${n}`, n / 100)));
    const shards = () => [...it.shards].map(([key, row]) => [key.endsWith("0"), row.alarms.length]);
    expect(shards()).toEqual([[true, 1_000]]);
    await it.take([ring("api/one-more", 20), ring("api/alarm-7", 21)]);
    await it.take([clear("api/one-more", 30)]);
    expect(shards()).toEqual([
      [true, 1_000],
      [false, 1],
    ]);
    expect((await it.all()).map((one) => [one.alarms.length, one.firing])).toEqual([[1_001, 1_000]]);
  });
});
