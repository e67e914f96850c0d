import type { AlarmMove, RungAlarm } from "@nightshift/model";
import { epochMs, type Ms } from "@nightshift/model";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { writeAlarms } from "./intake-alarms.ts";
import { atSecond } from "./testing/fake-incidents.ts";

type World = Parameters<typeof writeAlarms>[0];

const wait = (length: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, length));
const move = (name: string, over: Partial<AlarmMove> = {}): AlarmMove => ({
  name,
  service: "shop-api",
  value: "ALARM",
  at: atSecond(0),
  reason: "",
  severity: "P3",
  role: "symptom",
  ...over,
});

/** A ledger whose calls take 3 to 9 ms, and a clock that waits; `patient` false: one that cannot. */
function ledger(patient = true) {
  const rows = new Map<number, { readonly version: number; readonly alarms: readonly RungAlarm[] }>();
  let calls = 0;
  const pauses: number[] = [];
  const took = () => wait(3 + ((calls++ * 7) % 7));
  const world: World = {
    clock: {
      now: () => epochMs(Date.now()),
      ...(patient
        ? {
            pause: (length: Ms) => {
              pauses.push(length);
              return wait(length);
            },
          }
        : {}),
    },
    incidentAlarms: {
      read: async (_, shard) => {
        await took();
        return rows.get(shard) ?? { version: 0, alarms: [] };
      },
      replace: async (_, shard, version, alarms) => {
        await took();
        if ((rows.get(shard)?.version ?? 0) !== version) return false;
        rows.set(shard, { version: version + 1, alarms });
        return true;
      },
    },
  };
  return { world, rows, pauses };
}

const namesIn = (rows: ReturnType<typeof ledger>["rows"]): readonly string[] => [...rows.values()].flatMap((row) => row.alarms.map((one) => one.name));

describe("many dispatchers write one incident's alarms at the same moment", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  /** How many gave up; fake time passes until all are done. */
  async function giveUps(writers: number, world: World): Promise<{ readonly gaveUp: number; readonly seconds: number }> {
    const batches = Array.from({ length: writers }, (_, n) => Array.from({ length: 5 }, (__, k) => move(`writer-${n}/alarm-${k}`, { at: atSecond(n) })));
    const all = Promise.allSettled(batches.map((batch) => writeAlarms(world, "INC-1", batch)));
    await vi.runAllTimersAsync();
    return { gaveUp: (await all).filter(({ status }) => status === "rejected").length, seconds: Date.now() / 1_000 };
  }

  test.each([5, 20, 50])("%i of them all get through, and no alarm is lost", async (writers) => {
    const { world, rows } = ledger();
    const { gaveUp, seconds } = await giveUps(writers, world);
    expect(gaveUp).toBe(0);
    expect(new Set(namesIn(rows)).size).toBe(writers * 5);
    expect(seconds).toBeLessThan(10);
  });

  test("without a pause between their tries some of fifty give up", async () => {
    const { world } = ledger(false);
    expect((await giveUps(50, world)).gaveUp).toBeGreaterThan(0);
  });

  test("whoever is always second gives up after twenty-five tries, none of whose pauses is longer than a second", async () => {
    const { world, pauses } = ledger();
    const always = { ...world, incidentAlarms: { ...world.incidentAlarms, replace: async () => false } };
    const said = writeAlarms(always, "INC-1", [move("a")]).catch((error: unknown) => String(error));
    await vi.runAllTimersAsync();
    expect(await said).toContain("shard 0 changed 25 times meanwhile");
    expect(pauses).toHaveLength(24);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_000);
    expect(Math.max(...pauses.slice(0, 3))).toBeLessThanOrEqual(57);
    expect(new Set(pauses).size).toBeGreaterThan(12);
  });
});

describe("a shard stays below the 400 kB of an item", () => {
  const at = (world: World["incidentAlarms"]): World => ({ clock: { now: () => atSecond(0) }, incidentAlarms: world });
  /** Its calls take no time. */
  function kept() {
    const { rows } = ledger();
    const world = at({
      read: async (_, shard) => rows.get(shard) ?? { version: 0, alarms: [] },
      replace: async (_, shard, version, alarms) => rows.set(shard, { version: version + 1, alarms }).has(shard),
    });
    return { world, rows };
  }

  test.each([
    ["names of 255 characters", "n".repeat(250), "x".repeat(300), 5_000],
    ["names of 255 Chinese characters", "警".repeat(250), "界".repeat(300), 2_500],
    ["short names and long reasons", "a", "界".repeat(300), 390],
    ["short names", "api/5xx-", "Threshold Crossed", 9_000],
  ])("with %s", async (_, name, reason, count) => {
    const { world, rows } = kept();
    const moves = Array.from({ length: count }, (__, n) => move(`${name}${n}`, { at: atSecond(n), reason }));
    for (let from = 0; from < count; from += 1_000) await writeAlarms(world, "INC-1", moves.slice(from, from + 1_000));
    const heaviest = Math.max(...[...rows.values()].map((row) => new TextEncoder().encode(JSON.stringify(row.alarms)).length));
    expect(heaviest).toBeLessThanOrEqual(380_000);
    expect(new Set(namesIn(rows)).size).toBe(count);
    // The newest keeps its words, wherever it is.
    expect([...rows.values()].flatMap((row) => row.alarms).find((one) => one.name === `${name}${count - 1}`)?.reason).toBe(reason);
  });

  test("a batch that was written is not written again, however much of its words was left out", async () => {
    const { world, rows } = kept();
    const moves = Array.from({ length: 700 }, (_, n) => move(`${"警".repeat(100)}${n}`, { at: atSecond(n), reason: "界".repeat(300) }));
    await writeAlarms(world, "INC-1", moves);
    const versions = [...rows].map(([shard, row]) => [shard, row.version]);
    await writeAlarms(world, "INC-1", moves);
    expect([...rows].map(([shard, row]) => [shard, row.version])).toEqual(versions);
  });
});
