import { type Delivery, type Entry, epochMs, type SendBudget, type Severity, seconds } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { incidentFixture } from "../incidents/incident.fixture.ts";
import { answered, awayFor, failed, freshBudget, outageAt, postAt, recovered, spend, updateAt } from "./budget.ts";
import { channelOf, channelsOf, queueGroupOf } from "./channel.ts";
import { isUrgent, loudIn, oneReply, overflows, untold } from "./lines.ts";
import { paceAt } from "./pace.ts";
import { headersIn, repliesIn, stateKey } from "./rows.ts";

const t = (n: number) => epochMs(1_000_000_000 + n);
const now = t(0);
const budget = (over: Partial<SendBudget> = {}): SendBudget => ({ ...freshBudget("C1"), ...over });
const entry = (key: string, over: Partial<Entry> = {}): Entry => ({ key, at: now, kind: "seen", text: key, announce: true, ...over });
const row = (key: string, over: Partial<Delivery> = {}): Delivery => ({
  key,
  state: "sent",
  channel: "C1",
  thread: undefined,
  covers: [],
  ts: "1",
  shown: undefined,
  startedAt: now,
  tries: 1,
  ...over,
});

describe("where an incident is told", () => {
  const channels = { ops: "ops", incidents: "incidents", byService: { "shop-api": "api", shop: "shop" } };
  test.each([
    ["its service's channel first", "shop-api", "shop", ["api", "shop", "incidents", "ops"]],
    ["its group's channel, where the service has none", "shop-worker", "shop", ["shop", "incidents", "ops"]],
    ["the incidents channel, where neither has one", "billing", "billing", ["incidents", "ops"]],
  ])("%s", (_, service, group, expected) => {
    expect(channelsOf({ service, group }, { channels })).toEqual(expected);
    expect(channelOf({ service, group }, { channels })).toBe(expected[0]);
  });

  test("the team's channel, where there is no other; a channel is named once; without Slack nowhere", () => {
    const of = { service: "a", group: "a" };
    expect(channelsOf(of, { channels: { ops: "ops", incidents: undefined, byService: {} } })).toEqual(["ops"]);
    expect(channelsOf(of, { channels: { ops: "one", incidents: "one", byService: { a: "one" } } })).toEqual(["one"]);
    expect(channelsOf(of, { channels: { ops: undefined, incidents: undefined, byService: {} } })).toEqual([]);
    expect(queueGroupOf(of, { channels: { ops: undefined, incidents: undefined, byService: {} } })).toBe("none");
  });
});

describe("a channel's posts", () => {
  test.each([
    ["a channel that nobody wrote to", budget(), 0],
    ["1 s after the last one", budget({ spent: [t(-1_000)] }), 0],
    ["999 ms after the last one", budget({ spent: [t(-999)] }), 1],
    ["a channel that Slack asked to leave alone", budget({ notBefore: t(30_000) }), 30_000],
    ["a channel whose pause is over", budget({ notBefore: t(0) }), 0],
  ])("%s: in %i ms", (_, it, wait) => {
    expect(postAt(it, now)).toBe(t(wait));
  });

  test("count from their answer", () => {
    const it = answered(spend(budget({ failures: 2, failingSince: t(-9_000) }), now), t(400));
    expect([postAt(it, t(400)), it.spent, it.failures, it.failingSince]).toEqual([t(1_400), [t(400)], 0, t(-9_000)]);
  });

  test("are remembered newest first, sixty of them", () => {
    let it = budget();
    for (let n = 0; n < 61; n++) it = spend(it, t(n));
    expect([it.version, it.spent.length, it.spent[0], it.spent.at(-1)]).toEqual([61, 60, t(60), t(1)]);
  });
});

describe("the workspace's updates", () => {
  const spent = (count: number, at: number) => budget({ spent: Array.from({ length: count }, () => t(at)) });
  test.each<[Severity, number, number, number]>([
    ["P1", 39, -1_000, 0],
    ["P1", 40, -1_000, 59_000],
    ["P2", 35, -1_000, 0],
    ["P2", 36, -1_000, 59_000],
    ["P3", 27, -1_000, 0],
    ["P3", 28, -1_000, 59_000],
    ["P4", 19, -1_000, 0],
    ["P4", 20, -1_000, 59_000],
    ["P1", 40, -59_999, 1],
    ["P1", 40, -60_000, 0],
  ])("a %s after %i updates at %i ms: in %i ms", (severity, count, at, wait) => {
    expect(updateAt(spent(count, at), severity, now)).toBe(t(wait));
  });

  test("one more fits when the oldest of too many leaves the minute", () => {
    const times = Array.from({ length: 45 }, (_none, n) => t(-1_000 * n));
    // Forty stand between now and 39 s ago: the fortieth leaves 21 s from now.
    expect(updateAt(budget({ spent: times }), "P1", now)).toBe(t(21_000));
  });
});

describe("failures", () => {
  test.each([
    [0, 1_000],
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [4, 16_000],
    [5, 30_000],
    [50, 30_000],
  ])("after %i before: nothing for %i ms", (failures, wait) => {
    expect(failed(budget({ failures, failingSince: t(-5) }), now, undefined).notBefore).toBe(t(wait));
  });

  test("Slack's own word counts more than our own; a longer pause is not cut short", () => {
    expect(failed(budget(), now, seconds(7)).notBefore).toBe(t(7_000));
    expect(failed(budget({ notBefore: t(9_000) }), now, seconds(7)).notBefore).toBe(t(9_000));
  });

  test("begin to count at the first, and anew after an answer", () => {
    const first = failed(budget(), now, undefined);
    const second = failed(first, t(1_000), undefined);
    expect([first.failingSince, second.failingSince, second.failures]).toEqual([now, now, 2]);
    const well = recovered(second);
    expect(well).toMatchObject({ failures: 0, failingSince: now, version: 3 });
    expect(recovered(budget())).toBeUndefined();
    expect(failed(well ?? budget(), t(9_000), undefined).failingSince).toBe(t(9_000));
  });

  test.each([
    ["59,999 ms long is none", 59_999, 0, false],
    ["60 s long is one", 60_000, 0, true],
    ["is missed by a line written a minute before it", 60_000, -60_000, true],
    ["is not missed by an older line", 60_000, -60_001, false],
    ["is missed by a line written at its end", 60_000, 60_000, true],
    ["is not missed by a later line", 60_000, 60_001, false],
  ])("an outage %s", (_, length, at, missed) => {
    const it = budget({ failingSince: now, notBefore: t(length) });
    expect(outageAt(it, t(at))).toEqual(missed ? { from: now, to: t(length) } : undefined);
  });

  test.each([
    [1, 59_999, false],
    [1, 60_000, true],
    [0, 60_000, false],
  ])("with %i failures in a row, the first %i ms ago: away for a minute: %s", (failures, ago, away) => {
    expect(awayFor(budget({ failures, failingSince: t(-ago) }), seconds(60), now)).toBe(away);
  });
});

describe("a reader's pace", () => {
  const past = (count: number, last: number) => Array.from({ length: count }, (_none, n) => t(last - 5_000 * n));
  test.each([
    ["the first comes at once", [], false, 0],
    ["the second after five seconds", past(1, -4_999), false, 1],
    ["the second after five seconds", past(1, -5_000), false, 0],
    ["the sixth, too", past(5, -5_000), false, 0],
    ["the seventh after thirty", past(6, -5_000), false, 25_000],
    ["the seventh after thirty", past(6, -30_000), false, 0],
    ["six that are five minutes old do not count", past(6, -300_000), false, 0],
    ["what is urgent waits a second", past(6, -999), true, 1],
    ["what is urgent waits a second", past(6, -1_000), true, 0],
  ])("%s", (_, before, urgent, wait) => {
    expect(paceAt(before, now, urgent)).toBe(t(wait));
  });

  test("makes fifteen in five minutes of a storm that never stops", () => {
    const told: number[] = [];
    for (let at = 0; at < 300_000; at += 250) if (paceAt(told.map(t), t(at), false) <= t(at)) told.push(at);
    expect(told).toHaveLength(15);
  });
});

describe("lines", () => {
  const room = entry("room", { change: { what: "room", channel: "C9", name: "inc" } });
  const entries = [entry("a"), entry("quiet", { announce: false }), room, entry("b"), entry("c")];

  test("untold are those that no message tells, sent or on its way", () => {
    const keys = (rows: readonly Delivery[], roomStands: boolean) => {
      const found = untold({ entries }, rows, roomStands);
      return [found.home.map(({ key }) => key), found.room.map(({ key }) => key)];
    };
    expect(keys([], false)).toEqual([["a", "room", "b", "c"], []]);
    expect(keys([], true)).toEqual([
      ["a", "room"],
      ["b", "c"],
    ]);
    expect(keys([row("reply/1", { covers: ["a"] }), row("room/reply/1", { covers: ["b"], state: "trying" })], true)).toEqual([["room"], ["c"]]);
  });

  test("make one reply up to 3,000 characters with their times", () => {
    const long = (key: string, length: number) => entry(key, { text: "x".repeat(length) });
    expect(oneReply([long("a", 1_489), long("b", 1_489)])).toHaveLength(2);
    expect(oneReply([long("a", 1_489), long("b", 1_490)])).toHaveLength(1);
    expect(oneReply([long("a", 9_000), long("b", 1)])).toHaveLength(1);
    expect([overflows([long("a", 9_000)]), overflows([long("a", 2_989), long("b", 1)])]).toEqual([false, true]);
  });

  test("pages and severities that rise are loud; those that fall are not", () => {
    const incident = {
      severity: "P1",
      openedAs: "P3",
      entries: [
        entry("to P2", { change: { what: "severity", to: "P2", by: "rule" } }),
        entry("to P3", { change: { what: "severity", to: "P3", by: "person" } }),
        entry("still P3", { change: { what: "standing", automation: "guard", standing: "working", severity: "P3" } }),
        entry("to P1", { change: { what: "standing", automation: "guard", standing: "needs-person", severity: "P1" } }),
        entry("paged", { change: { what: "paged", tier: 1, by: ["sns"], people: [] } }),
        entry("plain"),
      ],
    } as const;
    expect([...loudIn(incident)]).toEqual(["to P2", "to P1", "paged"]);
  });

  test.each<[string, Entry, boolean]>([
    ["a line of an automation", entry("a", { actor: "nightshift/guard" }), false],
    ["a line of the first release", entry("a"), false],
    ["a line of a person", entry("a", { actor: "slack/U1 ana" }), true],
    ["a change of state", entry("a", { change: { what: "resolved", how: "alarms" } }), true],
    ["evidence", entry("a", { change: { what: "evidence", evidence: { kind: "logs", lines: [] } } }), false],
    ["an automation's own standing", entry("a", { change: { what: "standing", automation: "guard", standing: "working" } }), false],
  ])("%s is urgent: %s", (_, it, urgent) => {
    expect(isUrgent(it)).toBe(urgent);
  });
});

describe("rows", () => {
  test("are told apart by place and kept in order of their numbers", () => {
    const rows = ["reply/10", "reply/9", "header/2", "room/reply/1", "header", "room/header", "page/first", "replying/1"].map((key) => row(key));
    expect(headersIn("home", rows).map(({ key }) => key)).toEqual(["header", "header/2"]);
    expect(headersIn("room", rows).map(({ key }) => key)).toEqual(["room/header"]);
    expect(repliesIn("home", rows).map(({ key }) => key)).toEqual(["reply/9", "reply/10"]);
    expect(repliesIn("room", rows).map(({ key }) => key)).toEqual(["room/reply/1"]);
  });

  test("a state that comes again after a reopening is another", () => {
    const turns = { acked: 0, unacked: 0, resolved: 1, reopened: 1, severity: 0 };
    expect([stateKey(incidentFixture()), stateKey(incidentFixture({ turns }))]).toEqual(["open:0", "open:1"]);
  });
});
