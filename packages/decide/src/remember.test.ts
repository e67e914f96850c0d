import { ecsDeploymentId, epochMs, type Look, type MemberLook, type Prepared, seconds, type WatchMemory } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { guarded, memberLook, preparedMember, series, serviceState, settingsFor, T0, target, worker } from "./fixtures.ts";
import { cadence, maxLooks } from "./phase.ts";
import { blindLook, firstMemory, remember, smokeDue } from "./remember.ts";

const settings = settingsFor(guarded("shop-api"));
const prepared: Prepared = { group: "shop", key: "k", preparedAt: T0, members: [preparedMember("shop-api")] };
const look = (second: number, over: Partial<MemberLook> = {}, name = "shop-api"): Look => ({
  at: epochMs(T0 + second * 1_000),
  members: [memberLook(name, over)],
  watchKey: "k",
  watched: { [name]: ecsDeploymentId(`ecs-svc/${name}-43`) },
  heldBecause: undefined,
});
const fold = (looks: readonly Look[], on = prepared, with_ = settings): WatchMemory =>
  looks.reduce((memory, one) => remember(on, memory, one, with_), firstMemory(on));
const member = (memory: WatchMemory) => {
  const [first] = memory.members;
  if (first === undefined) throw new Error("one member");
  return first;
};
const targets = (state: "healthy" | "unhealthy" | "initial"): MemberLook["targets"] => ({ ok: true, value: [target("a", true, state), target("b", false)] });

describe("exposure", () => {
  it("is the first look with a healthy target of the judged revision", () => {
    expect(
      member(fold([look(0, { targets: targets("initial") }), look(10, { targets: targets("healthy") }), look(20, { targets: targets("unhealthy") })]))
        .exposedAt,
    ).toBe(T0 + 10_000);
  });
  it("of a worker is the first running task", () => {
    const on = { ...prepared, members: [preparedMember("shop-worker")] };
    const idle = { state: { ok: true as const, value: serviceState("shop-worker", { targetGroups: [] }) }, targets: { ok: true as const, value: [] } };
    const memory = fold(
      [look(0, { ...idle, judgedRunning: 0 }, "shop-worker"), look(10, { ...idle, judgedRunning: 1 }, "shop-worker")],
      on,
      settingsFor(worker("shop-worker")),
    );
    expect(member(memory).exposedAt).toBe(T0 + 10_000);
  });
  it("is not concluded from targets that could not be read", () => {
    expect(member(fold([look(0, { targets: { ok: false, because: "throttled" } })])).exposedAt).toBeUndefined();
  });
});

describe("unhealthy looks", () => {
  const unhealthy = { targets: targets("unhealthy") };
  it("count in a row from exposure on, and start again when all is well", () => {
    const looks = [look(0, unhealthy), look(10), look(20, unhealthy), look(30, unhealthy)];
    expect(member(fold(looks)).unhealthyLooks).toBe(2);
    expect(member(fold([...looks, look(40)])).unhealthyLooks).toBe(0);
  });
  it("neither grow nor shrink when the targets cannot be read", () => {
    expect(member(fold([look(0), look(10, unhealthy), look(20, { targets: { ok: false, because: "throttled" } })])).unhealthyLooks).toBe(1);
  });
  it("make the watch suspicious from the first", () => {
    expect(fold([look(0), look(10, unhealthy), look(20)]).suspectedAt).toBe(T0 + 10_000);
    expect(fold([look(0), look(10)]).suspectedAt).toBeUndefined();
  });
});

describe("smoke tests", () => {
  const smoke = (ok: boolean) => ({ smoke: [{ name: "schema", ok, because: ok ? "200" : "500", took: 12 }] });
  const service = guarded("shop-api", { smoke: [{ name: "schema", url: "https://x/schema", method: "GET", status: 200, within: seconds(2) }] });
  it("count failures in a row, over looks without a run", () => {
    expect(member(fold([look(0, smoke(false)), look(10), look(60, smoke(false))])).smokeFailures).toEqual({ schema: 2 });
    expect(member(fold([look(0, smoke(false)), look(60, smoke(true))])).smokeFailures).toEqual({ schema: 0 });
  });
  it("run at the first healthy task, then once a minute while hot", () => {
    const exposed = fold([look(0)]);
    expect(smokeDue(service, firstMemory(prepared), T0)).toBe(false);
    expect(smokeDue(service, exposed, epochMs(T0 + 10_000))).toBe(true);
    const ran = remember(prepared, exposed, look(10, smoke(true)), settings);
    expect(smokeDue(service, ran, epochMs(T0 + 64_999))).toBe(false);
    expect(smokeDue(service, ran, epochMs(T0 + 65_000))).toBe(true);
    expect(smokeDue(service, ran, epochMs(T0 + 300_000))).toBe(false);
  });
  it("run once more at completion, and as long as one fails", () => {
    const ran = fold([look(0), look(10, smoke(true)), look(300, { state: { ok: true, value: serviceState("shop-api") } })]);
    const done = { ...ran, members: [{ ...member(ran), completedAt: epochMs(T0 + 600_000) }] };
    expect(smokeDue(service, done, epochMs(T0 + 610_000))).toBe(true);
    const failing = fold([look(0), look(10, smoke(false))]);
    expect(smokeDue(service, failing, epochMs(T0 + 700_000))).toBe(true);
  });
});

describe("a look that was made for another deployment", () => {
  it("says nothing about this one", () => {
    expect(member(fold([look(0, { judged: ecsDeploymentId("ecs-svc/an-older-one"), targets: targets("healthy") })])).exposedAt).toBeUndefined();
    expect(member(fold([look(0, { judged: prepared.members[0]?.judged.deployment ?? ecsDeploymentId("none"), targets: targets("healthy") })])).exposedAt).toBe(
      T0,
    );
  });
});

describe("crashes", () => {
  const stopped = (id: string, cause: "app" | "infrastructure") => ({
    id,
    at: T0,
    code: cause === "app" ? "EssentialContainerExited" : "SpotInterruption",
    reason: "",
    exitCodes: cause === "app" ? [1] : [],
    cause,
  });
  it("are kept once each, with their cause", () => {
    const seen = { stopped: [stopped("a", "app"), stopped("b", "infrastructure")] };
    expect(member(fold([look(0, seen), look(10, seen)])).crashed.map(({ id, cause }) => [id, cause])).toEqual([
      ["a", "app"],
      ["b", "infrastructure"],
    ]);
  });
});

describe("ECS's own rollback", () => {
  const crashing: Partial<MemberLook> = {
    targets: targets("initial"),
    state: { ok: true, value: serviceState("shop-api", { native: { circuitBreakerRollback: true, alarmRollback: [] } }) },
    stopped: ["a", "b"].map((id) => ({ id, at: T0, code: "EssentialContainerExited", reason: "", exitCodes: [1], cause: "app" as const })),
  };
  it("is awaited from the first look at which the circuit breaker has reason to act", () => {
    expect(member(fold([look(0), look(10, crashing), look(20, crashing)])).awaitingNativeSince).toBe(T0 + 10_000);
  });
  it("is not awaited where it is switched off", () => {
    expect(member(fold([look(10, { ...crashing, state: { ok: true, value: serviceState("shop-api") } })])).awaitingNativeSince).toBeUndefined();
  });
});

describe("the memory", () => {
  it("counts a look that failed, and forgets what is too old to judge", () => {
    const blind = blindLook(fold([look(0)]), "throttled");
    expect(blind).toMatchObject({ looks: 2, blindLooks: 1, latest: undefined });
    expect(remember(prepared, blind, look(10), settings).blindLooks).toBe(0);
  });
  it("starts anew for a member whose judged deployment changed", () => {
    const joined = preparedMember("shop-api");
    const on = { ...prepared, members: [{ ...joined, judged: { ...joined.judged, deployment: ecsDeploymentId("ecs-svc/new") } }] };
    expect(member(remember(on, fold([look(0)]), look(10, { targets: targets("initial") }), settings))).toMatchObject({
      judged: "ecs-svc/new",
      exposedAt: undefined,
    });
  });
  it("counts each settled minute of traffic once", () => {
    const traffic = (to: number): Partial<MemberLook> => ({ metrics: { ok: true, value: series("shop-api", [-10, to]) } });
    expect(member(fold([look(0), look(300, traffic(5)), look(310, traffic(5)), look(360, traffic(6))])).tally).toEqual({
      minutes: 4,
      requests: 2_400,
      through: T0 + 180_000,
    });
  });
  it("remembers the new revision's share while both serve", () => {
    expect(member(fold([look(0)])).lastSplit).toEqual([{ at: T0, value: 0.5 }]);
  });
  it("stays below 100 kB for a group of eight with everything at its fullest", () => {
    const names = Array.from({ length: 8 }, (_, i) => `service-with-a-long-name-${i}`);
    const on: Prepared = { group: "shop", key: "k", preparedAt: T0, members: names.map((name) => preparedMember(name)) };
    const full = (name: string, n: number): MemberLook =>
      memberLook(name, {
        stopped: Array.from({ length: 100 }, (_, i) => ({
          id: `${n}-${i}`.padStart(32, "0"),
          at: epochMs(T0 + i),
          code: "EssentialContainerExited",
          reason: "x".repeat(1_000),
          exitCodes: [1, 2, 3, 4, 5],
          cause: "app",
        })),
        targets: { ok: true, value: Array.from({ length: 200 }, (_, i) => target(`10.0.0.${i}`, i % 2 === 0, "unhealthy")) },
        metrics: { ok: true, value: series(name, [-60, 0]) },
        alarms: Array.from({ length: 100 }, (_, i) => ({ name: `alarm-${i}`, value: "ALARM", since: T0, reason: "r".repeat(1_023) })),
      });
    const looks = Array.from(
      { length: 40 },
      (_, n): Look => ({ at: epochMs(T0 + n * 10_000), members: names.map((name) => full(name, n)), watchKey: "k", watched: {}, heldBecause: undefined }),
    );
    expect(JSON.stringify(fold(looks, on, settingsFor(...names.map((name) => guarded(name))))).length).toBeLessThan(100_000);
  });
});

describe("cadence", () => {
  it("is ten seconds until the hot window ends, then sixty", () => {
    expect(cadence(fold([look(0), look(299)]), settings)).toBe(10_000);
    expect(cadence(fold([look(0), look(300)]), settings)).toBe(60_000);
  });
  it("is ten seconds for twenty minutes before exposure", () => {
    const waiting = { targets: targets("initial") };
    expect(cadence(fold([look(1_199, waiting)]), settings)).toBe(10_000);
    expect(cadence(fold([look(1_200, waiting)]), settings)).toBe(60_000);
  });
  it("slows down when nothing could be read for a minute", () => {
    const blind = (times: number) => Array.from({ length: times }).reduce<WatchMemory>((memory) => blindLook(memory, "throttled"), fold([look(0)]));
    expect(cadence(blind(6), settings)).toBe(10_000);
    expect(cadence(blind(7), settings)).toBe(60_000);
  });
  it("is bounded by a count that covers the longest watch", () => expect(maxLooks(settings)).toBe(120 + 40 + 30 + 55 + 1));
});
