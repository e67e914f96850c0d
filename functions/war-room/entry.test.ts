import type { Fault } from "@nightshift/lab/boundary/fault";
import { faultAt } from "@nightshift/lab/boundary/fault";
import { policyFixture } from "@nightshift/decide/incidents/policy.fixture";
import { type Severity, seconds } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { describe, expect, test } from "vitest";
import { ID, type Stage, stage } from "../../test/testing/war-room.ts";

const MIN = 60;
/** The moment that something was due at: what comes within five seconds of it is in time. */
const inTime = (at: number): number => Math.floor(at / 5) * 5;
const pagesOf = (it: Stage) => it.said("paged/").map(([at, key]) => [inTime(at), key]);

describe("pages are told within five seconds of their time", () => {
  test.each<[Severity, readonly (readonly [number, string])[]]>([
    [
      "P1",
      [
        [0, "paged/0/P1/1.1"],
        [300, "paged/0/P1/1.2"],
        [900, "paged/0/P1/2.1"],
        [1_800, "paged/0/P1/3.1"],
        [2_100, "paged/0/P1/3.99"],
      ],
    ],
    [
      "P2",
      [
        [5, "paged/0/P2/1.1"],
        [900, "paged/0/P2/1.2"],
        [2_700, "paged/0/P2/2.1"],
        [6_300, "paged/0/P2/3.1"],
        [7_200, "paged/0/P2/3.99"],
      ],
    ],
    [
      "P3",
      [
        [3_600, "paged/0/P3/1.1"],
        [7_200, "paged/0/P3/2.1"],
      ],
    ],
  ])("%s", async (severity, expected) => {
    const it = await stage({ severity });
    it.rings(0, "shop-5xx", "ALARM");
    await it.until(130 * MIN);
    const told = it.said("paged/");
    expect(told.map(([, key]) => key)).toEqual(expected.map(([, key]) => key));
    for (const [n, [at]] of told.entries()) {
      const due = expected[n]?.[0] ?? Number.NaN;
      expect([at >= due, at <= due + 5]).toEqual([true, true]);
    }
  });
});

describe("an acknowledgement", () => {
  test.each([
    ["woke the room", undefined],
    ["woke nobody", "quietly" as const],
  ])("that %s stops every page", async (_, quietly) => {
    const it = await stage({ severity: "P1" });
    it.rings(0, "shop-5xx", "ALARM");
    it.says(299, { what: "acked", by: "ana" }, quietly);
    await it.until(30 * MIN);
    expect([pagesOf(it), it.pages.length, it.messages]).toEqual([[[0, "paged/0/P1/1.1"]], 1, []]);
  });

  test("makes its person the commander at once", async () => {
    const it = await stage({ severity: "P1" });
    it.says(100, { what: "acked", by: "ana" });
    await it.until(200);
    expect(it.said("role/").map(([at, key]) => [inTime(at), key])).toEqual([[100, "role/1"]]);
  });
});

test("what is said while the room is about to wait is seen at once, although nobody could wake it", async () => {
  const it = await stage({ severity: "P3" });
  let waits = 0;
  it.instead["wakes.wait"] = async (incident: never, callback: never, at: never) => {
    // The word comes when the look is over and the callback is not kept yet: whoever speaks finds nobody to wake.
    if (++waits === 3)
      await it.kept.incidents.say(ID, {
        key: "resolved/1",
        at: it.account.clock.now(),
        kind: "resolved",
        text: "x",
        announce: true,
        change: { what: "resolved", how: "person" },
      });
    await it.kept.wakes.wait(incident, callback, at);
  };
  await it.until(60 * MIN);
  const [said] = it.said("resolved/");
  const [seen] = it.said("evidence/resolved");
  expect((seen?.[0] ?? Number.NaN) - (said?.[0] ?? Number.NaN)).toBeLessThan(5);
});

test("a storm is summed up at 5, 10, 20, 40 and 80 s, and the room does not wake nobody for ever", async () => {
  const it = await stage({ severity: "P1" });
  for (let n = 0; n < 60; n++) it.rings(n, `alarm-${n}`, "ALARM");
  await it.until(300);
  expect(it.said("summary/").map(([at]) => inTime(at))).toEqual([5, 10, 20, 40, 80]);
  expect(it.account.engine.maxOperations).toBeLessThan(600);
});

test("an execution that has done enough hands over to a fresh one, and nothing is told twice or missed", async () => {
  const it = await stage({ severity: "P1", operations: 30 });
  it.rings(0, "shop-5xx", "ALARM");
  await it.until(36 * MIN);
  expect(pagesOf(it).map(([, key]) => key)).toEqual(["paged/0/P1/1.1", "paged/0/P1/1.2", "paged/0/P1/2.1", "paged/0/P1/3.1", "paged/0/P1/3.99"]);
  const { executions } = it.account.engine;
  expect(executions.length).toBeGreaterThan(3);
  expect(executions.slice(0, -1).every(({ status }) => status === "SUCCEEDED")).toBe(true);
  expect(new Set(it.pages.map(({ key }) => key)).size).toBe(it.pages.length);
  expect(it.account.engine.maxOperations).toBeLessThan(60);
});

test("a closed incident ends its room", async () => {
  const it = await stage({ severity: "P3" });
  it.rings(0, "shop-5xx", "ALARM");
  it.rings(60, "shop-5xx", "OK");
  await it.until(25 * 60 * MIN);
  expect(it.said("resolved/", "closed").map(([at, key]) => [inTime(at), key])).toEqual([
    [360, "resolved/1"],
    [86_760, "closed"],
  ]);
  expect(it.account.engine.executions.map(({ status }) => status)).toEqual(["SUCCEEDED"]);
});

describe("Slack is down", () => {
  test("the first notice of a P2 goes by SNS within 60 s", async () => {
    const it = await stage({ severity: "P2", slackDown: true });
    await it.until(60);
    expect(it.pages.map(({ at, key }) => [inTime(at), key])).toEqual([[35, `${ID}/called/first-notice/sns`]]);
  });
});

describe("a call that fails", () => {
  test("for a while is made when it can be, and no tier waits for it", async () => {
    const it = await stage({ severity: "P1" });
    it.rings(0, "shop-5xx", "ALARM");
    it.instead["pages.page"] = async () => {
      throw new PortError("unavailable", "sns:Publish", "P1", "HTTP 503");
    };
    it.account.clock.in(400_000 as never, () => delete it.instead["pages.page"]);
    await it.until(16 * MIN);
    expect(pagesOf(it)).toEqual([
      [0, "paged/0/P1/1.1"],
      [300, "paged/0/P1/1.2"],
      [900, "paged/0/P1/2.1"],
    ]);
    expect(it.pages.map(({ at }) => (at >= 400 && at < 420 ? "at once" : inTime(at)))).toEqual(["at once", "at once", 900]);
  });

  test("for good is said in the thread, once, and not tried again", async () => {
    const it = await stage({ severity: "P1" });
    it.rings(0, "shop-5xx", "ALARM");
    it.instead["pages.page"] = async () => {
      throw new PortError("denied", "sns:Publish", "P1", "AuthorizationError");
    };
    await it.until(4 * MIN);
    expect([...(it.kept.said.get(ID)?.values() ?? [])].filter(({ key }) => key.startsWith("called/")).map(({ text, announce }) => [text, announce])).toEqual([
      ["Could not call by SNS: sns:Publish on P1: AuthorizationError", true],
    ]);
  });
});

test("a duty with a bug is told once and holds nothing else up", async () => {
  const it = await stage({ severity: "P1" });
  it.rings(0, "shop-5xx", "ALARM");
  it.instead["rooms.create"] = async () => {
    throw new TypeError("undefined is not a function");
  };
  await it.until(305);
  expect(pagesOf(it)).toEqual([
    [0, "paged/0/P1/1.1"],
    [300, "paged/0/P1/1.2"],
  ]);
  expect(it.said("failed/").map(([, key]) => key)).toEqual(["failed/room"]);
});

describe("the sandbox dies", () => {
  const before: Fault = { kind: "crash-before" };
  const afterwards: Fault = { kind: "crash-after" };
  const lost: Fault = { kind: "timeout-after" };
  /** The P1's first two rungs, ten seconds apart, so that there is little else to die in. */
  const base = policyFixture();
  const rungs = base.severities.P1.tiers.slice(0, 2).map((rung, n) => ({ ...rung, after: seconds(n * 10) }));
  const policy = policyFixture({ severities: { ...base.severities, P1: { ...base.severities.P1, tiers: rungs } } });
  const play = async (n?: number, fault?: Fault) => {
    const it = await stage({ severity: "P1", policy, ...(n === undefined || fault === undefined ? {} : { faults: faultAt(n, fault) }) });
    await it.until(17);
    return {
      said: it
        .said("paged/", "called/", "announced", "room")
        .map(([, key]) => key)
        .toSorted(),
      messages: it.messages.map(({ key }) => key),
      pages: [...new Set(it.pages.map(({ key }) => key))],
      met: it.account.boundary.met,
    };
  };

  test("at any call: no page is lost, none is told twice in Slack, and SNS is told under the same keys", async () => {
    const { met, ...calm } = await play();
    expect(calm).toEqual({
      said: [
        "announced",
        "called/paged/0/P1/1.1/sns",
        "called/paged/0/P1/1.2/slack-dm/ana",
        "called/paged/0/P1/1.2/sns",
        "paged/0/P1/1.1",
        "paged/0/P1/1.2",
        "room",
      ],
      messages: [`${ID}/called/paged/0/P1/1.2/slack-dm/ana`],
      pages: [`${ID}/called/paged/0/P1/1.1/sns`, `${ID}/called/paged/0/P1/1.2/sns`],
    });
    for (let n = 0; n < met; n += 1) {
      // Dying after a call is the hard one; the other two take turns.
      for (const fault of n % 3 === 0 ? [afterwards, n % 2 === 0 ? before : lost] : [afterwards]) {
        const { met: _, ...it } = await play(n, fault);
        expect([n, fault.kind, it]).toEqual([n, fault.kind, calm]);
      }
    }
    // The whole story once for every call that it makes.
  }, 60_000);
});
