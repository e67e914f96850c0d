import { epochMs, minutes, ms, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { seededNumbers, seededStreams, seededUuid } from "./chance.ts";
import { LivelockError, VirtualClock } from "./clock.ts";
import { installLabTime } from "./patch.ts";
import { Sandboxes, type SandboxOutcome } from "./sandbox.ts";
import { inScope } from "./scope.ts";

installLabTime();
const start = epochMs(1_800_000_000_000);
const clockWith = (seed = 1): VirtualClock => new VirtualClock(start, seededNumbers(seed));
const idle = (clock: VirtualClock): Promise<boolean> => clock.run(() => false);

describe("the virtual clock", () => {
  test("happenings come in the order of their moments, and in the order asked for within one", async () => {
    const clock = clockWith();
    const seen: string[] = [];
    clock.in(seconds(2), () => seen.push("later"));
    clock.in(seconds(1), () => seen.push("first of its moment"));
    clock.in(seconds(1), () => seen.push("second of its moment"));
    await idle(clock);
    expect(seen).toEqual(["first of its moment", "second of its moment", "later"]);
    expect(clock.now()).toBe(1_800_000_002_000);
  });

  test("a thousand happenings in any order come out sorted", async () => {
    const clock = clockWith();
    const random = seededNumbers(9);
    const seen: number[] = [];
    for (let i = 0; i < 1_000; i += 1) clock.in(ms(Math.floor(random() * 500)), () => seen.push(clock.now()));
    await idle(clock);
    expect(seen).toHaveLength(1_000);
    expect(seen.every((at, i) => i === 0 || at >= (seen[i - 1] ?? 0))).toBe(true);
  });

  test("a cancelled happening does not happen", async () => {
    const clock = clockWith();
    let rang = false;
    clock
      .schedule(5, () => {
        rang = true;
      })
      .cancel();
    await idle(clock);
    expect(rang).toBe(false);
  });

  test("a night passes at once, and promises are drained before time moves", async () => {
    const clock = clockWith();
    const seen: string[] = [];
    inScope(clock.world, () => {
      void (async () => {
        for (let i = 0; i < 20; i += 1) await Promise.resolve();
        seen.push(`promises ${clock.now() - start}`);
        await clock.sleep(minutes(480));
        seen.push(`morning ${clock.now() - start}`);
      })();
    });
    clock.in(ms(1), () => seen.push("one millisecond"));
    await idle(clock);
    expect(seen).toEqual(["promises 0", "one millisecond", "morning 28800000"]);
  });

  test("real I/O holds the clock still", async () => {
    const clock = clockWith();
    let answeredAt = 0;
    const answer = clock
      .external(
        () =>
          new Promise<void>((resolve) => {
            setTimeout(resolve, 5);
          }),
      )
      .then(() => {
        answeredAt = clock.now();
      });
    clock.in(ms(1), () => {});
    await idle(clock);
    await answer;
    expect(answeredAt).toBe(start);
    expect(clock.now()).toBe(start + 1);
  });

  test("a happening that reschedules itself without a delay is a livelock, and says so", async () => {
    const clock = clockWith();
    let again = (): void => clock.in(ms(0), () => again());
    again();
    await expect(idle(clock)).rejects.toThrow(LivelockError);
    again = () => {};
  }, 20_000);

  test("every rings after each period until the moment asked for", async () => {
    const clock = clockWith();
    let rings = 0;
    clock.every(seconds(10), () => {
      rings += 1;
    });
    await clock.run(() => false, epochMs(start + 59_999));
    expect(rings).toBe(5);
    await clock.run(() => false, epochMs(start + 60_000));
    expect(rings).toBe(6);
  });
});

describe("the patched globals", () => {
  test("inside a lab, Date, timers and chance are the lab's; outside they are the machine's", async () => {
    const clock = clockWith();
    const inside = inScope(clock.world, async () => {
      const first = Date.now();
      await new Promise((resolve) => {
        setTimeout(resolve, 90_000);
      });
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      return { first, later: new Date().toISOString(), chance: Math.random(), kept: new Date(5) instanceof Date, now: performance.now() };
    });
    expect(Date.now()).toBeGreaterThan(1_700_000_000_000);
    expect(Date.now()).not.toBe(1_800_000_000_000);
    await idle(clock);
    expect(await inside).toEqual({
      first: 1_800_000_000_000,
      later: "2027-01-15T08:01:30.000Z",
      chance: seededNumbers(1)(),
      kept: true,
      now: 1_800_000_090_000,
    });
  });

  test("an interval in a lab rings until it is cleared", async () => {
    const clock = clockWith();
    let rings = 0;
    inScope(clock.world, () => {
      const timer = setInterval(() => {
        rings += 1;
        if (rings === 3) clearInterval(timer);
      }, 1_000);
    });
    expect(await idle(clock)).toBe(false);
    expect(rings).toBe(3);
    expect(clock.now()).toBe(start + 3_000);
  });

  test("a cleared timeout does not ring, and a date from before is still a date", async () => {
    const clock = clockWith();
    let rang = false;
    const before = new Date(0);
    inScope(clock.world, () => {
      clearTimeout(
        setTimeout(() => {
          rang = true;
        }, 10),
      );
    });
    await idle(clock);
    expect(rang).toBe(false);
    expect(before instanceof Date).toBe(true);
    expect(structuredClone(before) instanceof Date).toBe(true);
  });

  test("two labs in one process keep their own time while they run at once", async () => {
    const [a, b] = [clockWith(1), clockWith(2)];
    const work = (clock: VirtualClock, length: number): Promise<number> =>
      inScope(clock.world, async () => {
        for (let i = 0; i < 10; i += 1)
          await new Promise((resolve) => {
            setTimeout(resolve, length);
          });
        return Date.now() - start;
      });
    const both = [work(a, 1_000), work(b, 7)];
    await Promise.all([idle(a), idle(b)]);
    expect(await Promise.all(both)).toEqual([10_000, 70]);
  });

  test("a real timer set outside keeps real time while a lab runs", async () => {
    const clock = clockWith();
    clock.every(minutes(1), () => {});
    const real = new Promise<string>((resolve) => {
      setTimeout(() => resolve("real"), 1);
    });
    await clock.run(() => false, epochMs(start + 3_600_000));
    expect(await real).toBe("real");
  });
});

describe("a sandbox", () => {
  const runOne = async (work: () => Promise<unknown>, kill?: number): Promise<SandboxOutcome | undefined> => {
    const clock = clockWith();
    let outcome: SandboxOutcome | undefined;
    new Sandboxes(clock).run({
      functionName: "f",
      execution: undefined,
      timeout: seconds(30),
      work: (invocation) => {
        if (kill !== undefined) clock.schedule(kill, () => invocation.kill("killed"));
        return work();
      },
      ended: (how) => {
        outcome = how;
      },
    });
    await idle(clock);
    return outcome;
  };

  test("answers, throws, or is killed at its deadline", async () => {
    expect(await runOne(async () => 7)).toEqual({ kind: "answered", value: 7 });
    expect(
      await runOne(async () => {
        throw new TypeError("no");
      }),
    ).toMatchObject({ kind: "threw", because: "TypeError: no" });
    expect(
      await runOne(
        () =>
          new Promise((resolve) => {
            setTimeout(resolve, 30_001);
          }),
      ),
    ).toEqual({ kind: "died", because: "timed out after 30 s" });
    expect(
      await runOne(
        () =>
          new Promise((resolve) => {
            setTimeout(() => resolve("in time"), 29_999);
          }),
      ),
    ).toEqual({ kind: "answered", value: "in time" });
  });

  test("timers of a dead sandbox do not ring", async () => {
    let rang = false;
    expect(
      await runOne(
        () =>
          new Promise(() => {
            setTimeout(() => {
              rang = true;
            }, 20);
          }),
        10,
      ),
    ).toEqual({ kind: "died", because: "killed" });
    expect(rang).toBe(false);
  });
});

describe("seeded chance", () => {
  test("the same seed and name give the same numbers, another name others", () => {
    const [a, b, c] = [seededStreams(7)("x"), seededStreams(7)("x"), seededStreams(7)("y")];
    expect([a(), a()]).toEqual([b(), b()]);
    expect(c()).not.toBe(seededStreams(7)("x")());
  });

  test("a stream does not notice how much another one was used", () => {
    const calm = seededStreams(3);
    const busy = seededStreams(3);
    for (let i = 0; i < 100; i += 1) busy("other")();
    expect(busy("mine")()).toBe(calm("mine")());
  });

  test("ids have the form of a UUID", () => {
    expect(seededUuid(seededNumbers(1))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
