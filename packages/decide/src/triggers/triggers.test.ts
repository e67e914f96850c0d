import { epochMs, type MemberLook, ms, percent, type Trigger } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { alarm, at, T0, target, type Traffic } from "../fixtures.ts";
import { type Change, situation } from "../situation.ts";
import { type Seen, seenMembers } from "../seen.ts";
import { breachesOf, breachOf } from "./index.ts";

const seen = (change: Change): Seen => {
  const { prepared, memory, settings } = situation(change);
  const [first] = seenMembers(prepared, memory, settings);
  if (first === undefined) throw new Error("one member");
  return first;
};
const says = (trigger: Trigger, change: Change) => breachOf(trigger, seen(change))?.says;

const rate: Trigger = { kind: "error-rate", above: percent(5), for: ms(120_000), minRequests: 60, minErrors: 3, noData: "wait" };
const per = (requests: number, errors: number, from = 0): Traffic => ({ requests: () => requests, errors: (minute) => (minute >= from ? errors : 0) });

describe("error rate", () => {
  it("says the figures, before and last week", () => {
    expect(says(rate, { minutesIn: 2, traffic: { requests: () => 590, errors: (minute) => (minute >= 0 ? 73 : 1) } })).toBe(
      "5xx 12.4 % of 1,180 requests, 2 of 2 minutes (before: 0.2 %; same hour last week: 0.2 %)",
    );
  });
  it.each([
    ["5.0 % is not above 5 %", per(1_000, 50), undefined],
    ["5.1 % is", per(1_000, 51), 5.1],
    ["60 requests in the window are a sample", per(30, 3), 10],
    ["three errors in 60 requests are not above 5 %, four are", per(30, 2), 6.7],
  ])("%s", (_, traffic, share) => {
    const found = breachOf(rate, seen({ minutesIn: 2, traffic }));
    expect(found?.errorShare === undefined ? undefined : Math.round(found.errorShare * 10) / 10).toBe(share);
  });
  it("59 requests are no sample, and there is nothing to widen to", () => {
    expect(
      says(rate, { minutesIn: 2, traffic: { requests: (minute) => (minute === 1 ? 29 : 30), errors: (minute) => (minute >= 0 ? 3 : 0) } }),
    ).toBeUndefined();
  });
  it("two errors among 60 requests are no sample either", () => {
    expect(says({ ...rate, above: percent(1) }, { minutesIn: 2, traffic: per(30, 1) })).toBeUndefined();
  });
  it("a widened window is said as long as it is", () => {
    expect(says(rate, { minutesIn: 4, traffic: per(20, 2) })).toContain("3 of 3 minutes");
  });
  it("a widened window whose newest minutes are clean is over", () => {
    expect(says(rate, { minutesIn: 6, traffic: { requests: () => 20, errors: (minute) => (minute >= 0 && minute < 4 ? 4 : 0) } })).toBeUndefined();
  });
  it("one bad minute and one good one are not two bad ones", () => {
    expect(says(rate, { minutesIn: 2, traffic: { requests: () => 600, errors: (minute) => (minute === 1 ? 300 : 0) } })).toBeUndefined();
  });
  it("the minute under way does not count", () => {
    expect(says(rate, { minutesIn: 1, traffic: per(600, 72) })).toBeUndefined();
  });
  it("a minute that began one millisecond before exposure is not judged", () => {
    expect(says(rate, { minutesIn: 2, traffic: per(600, 72), remembered: { exposedAt: epochMs(T0 + 1) } })).toBeUndefined();
    expect(says(rate, { minutesIn: 2, traffic: per(600, 72), remembered: { exposedAt: T0 } })).toBeDefined();
  });
  it("requests that found no target count as failed on a load balancer of one's own", () => {
    expect(
      breachOf(
        rate,
        seen({
          minutesIn: 3,
          traffic: {
            requests: (minute) => (minute >= 0 ? undefined : 600),
            errors: () => undefined,
            balancerErrors: (minute) => (minute >= 0 ? 550 : undefined),
          },
        }),
      )?.errorShare,
    ).toBe(100);
  });
  it("a shared load balancer's errors are left out", () => {
    expect(says(rate, { minutesIn: 3, traffic: { errors: () => 0, balancerErrors: () => 550, balancerRequests: () => 5_000 } })).toBeUndefined();
  });
  it("figures older than three minutes are not judged", () => {
    const stopped: Traffic = {
      requests: (minute) => (minute < 2 ? 600 : undefined),
      errors: (minute) => (minute < 0 ? 0 : minute < 2 ? 72 : undefined),
      p95Seconds: () => undefined,
    };
    expect(says(rate, { minutesIn: 4, traffic: stopped })).toBeDefined();
    expect(says(rate, { minutesIn: 5, traffic: stopped })).toBeUndefined();
  });
});

const slow: Trigger = { kind: "latency", statistic: "p95", above: ms(2_000), for: ms(300_000), minRequests: 60, noData: "bad" };
describe("latency", () => {
  const p95 = (value: number, from = 0): Traffic => ({ p95Seconds: (minute) => (minute >= from ? value : 0.2) });
  it.each([
    ["2,000 ms is not above", { minutesIn: 5, traffic: p95(2) }, undefined],
    [
      "2,001 ms is",
      { minutesIn: 5, traffic: p95(2.001) },
      "p95 2,001 ms over 2,000 ms, 5 of 5 minutes, 3,000 requests (before: 200 ms; same hour last week: 200 ms)",
    ],
    ["four minutes are not five", { minutesIn: 5, traffic: p95(3, 1) }, undefined],
    [
      "no response time while requests flow is bad",
      { minutesIn: 5, traffic: { p95Seconds: (minute: number) => (minute >= 0 ? undefined : 0.2) } },
      "no response time in 5 minutes although 3,000 requests arrived: no target answered",
    ],
    ["no response time without requests is quiet", { minutesIn: 5, traffic: { p95Seconds: () => undefined, requests: () => 0 } }, undefined],
  ] satisfies readonly [string, Change, string | undefined][])("%s", (_, change, expected) => {
    expect(says(slow, change)).toBe(expected);
  });
  it("silence is waited for where the team says so", () => {
    expect(says({ ...slow, noData: "wait" }, { minutesIn: 5, traffic: { p95Seconds: () => undefined } })).toBeUndefined();
  });
});

describe("errors per minute", () => {
  const many: Trigger = { kind: "errors-per-minute", moreThan: 10, times: 2, noData: "wait" };
  it.each([
    [10, undefined],
    [11, "11 5xx a minute, more than 10 in 2 of 2 minutes (before: 0.0 %; same hour last week: 0.2 %)"],
  ])("%d a minute", (errors, expected) => {
    expect(says(many, { minutesIn: 2, traffic: per(600, errors) })).toBe(expected);
  });
});

describe("task crashes", () => {
  const crashes: Trigger = { kind: "task-crashes", atLeast: 2, share: percent(50) };
  const dead = (count: number, over: object = {}) => ({
    crashed: Array.from({ length: count }, (_, i) => ({
      id: `t${i}`,
      at: at(60_000),
      code: "EssentialContainerExited",
      reason: "Essential container in task exited",
      exitCodes: [1],
      cause: "app" as const,
      ...over,
    })),
  });
  const desired = (count: number): Partial<MemberLook> => ({
    ...situation().memory.latest?.members[0],
    ...(() => {
      const found = situation().memory.latest?.members[0]?.state;
      return found?.ok ? { state: { ok: true as const, value: { ...found.value, desired: count } } } : {};
    })(),
  });
  it.each([
    ["one of two", 1, 2, undefined],
    ["two of two", 2, 2, "hard"],
    ["two of five", 2, 5, undefined],
    ["three of five", 3, 5, "hard"],
    ["14 of 200", 14, 200, undefined],
    ["15 of 200 are proof enough", 15, 200, "hard"],
  ])("%s", (_, count, of, strength) => {
    expect(breachOf(crashes, seen({ remembered: dead(count), look: desired(of) }))?.strength).toBe(strength);
  });
  it("crashes ten minutes apart are not one event", () => {
    expect(breachOf(crashes, seen({ minutesIn: 11, remembered: dead(2, { at: at(70_000) }) }))).toBeUndefined();
    expect(breachOf(crashes, seen({ minutesIn: 11, remembered: dead(2, { at: at(70_001) }) }))).toBeDefined();
  });
  it("in the bake window with nothing to compare they are soft, unless memory ran out", () => {
    const alone = { minutesIn: 10, look: { olderRunning: 0 } };
    expect(breachOf(crashes, seen({ ...alone, remembered: dead(2, { at: at(590_000) }) }))?.strength).toBe("soft");
    expect(breachOf(crashes, seen({ ...alone, remembered: dead(2, { at: at(590_000), reason: "OutOfMemoryError: killed" }) }))?.strength).toBe("hard");
  });
});

describe("health checks, smoke tests, alarms", () => {
  it("three looks are not more than three", () => expect(says({ kind: "health-checks", moreThan: 3 }, { remembered: { unhealthyLooks: 3 } })).toBeUndefined());
  it("four are", () =>
    expect(
      says(
        { kind: "health-checks", moreThan: 3 },
        { remembered: { unhealthyLooks: 4 }, look: { targets: { ok: true, value: [target("a", true, "unhealthy")] } } },
      ),
    ).toBe("health checks failed 4 looks in a row: 1 of 1 new targets unhealthy (Target.ResponseCodeMismatch)"));
  it.each([
    ["the only one", 1, 1, "hard"],
    ["one of two", 1, 2, "hard"],
    ["one of three", 1, 3, "soft"],
    ["two of three", 2, 3, "hard"],
    ["one of four", 1, 4, "soft"],
    ["two of four", 2, 4, "hard"],
    ["four of ten", 4, 10, "soft"],
    ["five of ten", 5, 10, "hard"],
  ])("unhealthy targets at the newest look: %s", (_, bad, of, strength) => {
    const value = [...Array.from({ length: of }, (_none, i) => target(`n${i}`, true, i < bad ? "unhealthy" : "healthy")), target("old", false)];
    expect(
      breachOf({ kind: "health-checks", moreThan: 3 }, seen({ remembered: { unhealthyLooks: 4 }, look: { targets: { ok: true, value } } }))?.strength,
    ).toBe(strength);
  });
  it("without an unhealthy target only a failed probe is hard", () => {
    const probe = (ok: boolean): Change => ({ remembered: { unhealthyLooks: 4 }, look: { smoke: [{ name: "schema", ok, because: "500", took: 3 }] } });
    expect(breachOf({ kind: "health-checks", moreThan: 3 }, seen(probe(false)))?.strength).toBe("hard");
    expect(breachOf({ kind: "health-checks", moreThan: 3 }, seen(probe(true)))?.strength).toBe("soft");
  });
  it("a smoke test has to fail twice in a row", () => {
    expect(says({ kind: "smoke-tests", failuresInARow: 2 }, { remembered: { smokeFailures: { schema: 1 } } })).toBeUndefined();
    expect(says({ kind: "smoke-tests", failuresInARow: 2 }, { remembered: { smokeFailures: { schema: 2 } } })).toBe(
      'smoke test "schema" failed 2 times in a row',
    );
  });
  it("an alarm at the very moment of exposure is still the old revision's", () => {
    const trigger: Trigger = { kind: "alarms", names: ["shop-slo"] };
    expect(says(trigger, { look: { alarms: [alarm({ since: T0 })] } })).toBeUndefined();
    expect(says(trigger, { look: { alarms: [alarm({ since: epochMs(T0 + 1) })] } })).toBeDefined();
  });
  it("alarms that are not listed say nothing", () => expect(says({ kind: "alarms", names: ["other"] }, { look: { alarms: [alarm()] } })).toBeUndefined());
});

describe("all triggers", () => {
  it("puts hard evidence first", () => {
    expect(breachesOf(seen({ minutesIn: 2, traffic: per(600, 72), remembered: { smokeFailures: { schema: 2 } } })).map((breach) => breach.strength)).toEqual([
      "hard",
      "soft",
    ]);
  });
  it("are silent when the watch is over, and not one look before", () => {
    expect(breachesOf(seen({ minutesIn: 60, remembered: { smokeFailures: { schema: 2 } } }))).toEqual([]);
    expect(breachesOf(seen({ minutesIn: 59, remembered: { smokeFailures: { schema: 2 } } }))).toHaveLength(1);
  });
});
