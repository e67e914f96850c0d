import { type Delivery, type Entry, epochMs, type Incident } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { incidentFixture } from "../incidents/incident.fixture.ts";
import { freshBudget } from "./budget.ts";
import { nextStep } from "./next-step.ts";
import { pageText } from "./page-step.ts";
import type { Situation, Step } from "./step.ts";
import { isTold } from "./told.ts";

const t = (n: number) => epochMs(1_000_000_000 + n);
const now = t(0);
const entry = (key: string, over: Partial<Entry> = {}): Entry => ({ key, at: t(-1_000), kind: "seen", text: key, announce: true, ...over });
const row = (key: string, over: Partial<Delivery> = {}): Delivery => ({
  key,
  state: "sent",
  channel: "C1",
  thread: key.includes("reply") ? "1" : undefined,
  covers: [],
  ts: "1",
  shown: key.includes("header") ? "open P2 |same" : undefined,
  startedAt: t(-60_000),
  tries: 1,
  ...over,
});
const incident = (over: Partial<Incident> = {}): Incident => incidentFixture({ announcedAt: t(-5_000), entries: [entry("a")], ...over });
const at = (over: Partial<Situation> = {}): Situation => ({
  incident: incident(),
  rows: [],
  channels: ["C1", "C2"],
  now,
  budgets: new Map(),
  shown: { home: "open P2 |same", room: "open P2 |same" },
  refusal: undefined,
  ...over,
});
/** A step in short: what it does, to which row, in which channel. */
function short(step: Step): string {
  switch (step.do) {
    case "nothing":
      return "nothing";
    case "wait":
      return `wait ${step.until - now}`;
    case "post":
      return `post ${step.row.key} in ${step.row.channel}, try ${step.row.tries}${step.lost ? ", look first" : ""}${step.row.covers.length === 0 ? "" : `: ${step.row.covers.join()}`}`;
    case "update":
      return `update ${step.row.key}`;
    case "page":
      return `page ${step.row.key}, try ${step.row.tries}`;
  }
}
const busy = (scope: string, until: number) => new Map([[scope, { ...freshBudget(scope), notBefore: t(until) }]]);
const room = { channel: "C9", name: "inc" };
const roomEntry = entry("room", { change: { what: "room", ...room } });

describe("the header comes first", () => {
  test.each<[string, Partial<Situation>, string]>([
    ["not announced", { incident: incident({ announcedAt: undefined }) }, "nothing"],
    ["announced", {}, "post header in C1, try 1"],
    ["the channel has to be left alone", { incident: incident({ severity: "P3" }), budgets: busy("C1", 700) }, "wait 700"],
    [
      "begun 5,999 ms ago: somebody may be at it",
      { incident: incident({ severity: "P3" }), rows: [row("header", { state: "trying", ts: undefined, startedAt: t(-5_999) })] },
      "wait 1",
    ],
    ["begun 6 s ago", { rows: [row("header", { state: "trying", ts: undefined, startedAt: t(-6_000) })] }, "post header in C1, try 2, look first"],
    ["surely not posted", { rows: [row("header", { state: "refused", ts: undefined, startedAt: t(-1) })] }, "post header in C1, try 2"],
    ["refused for good", { rows: [row("header", { state: "parked", ts: undefined })] }, "post header/2 in C2, try 1"],
    [
      "refused for good everywhere, 10 m ago",
      { channels: ["C1"], rows: [row("header", { state: "parked", ts: undefined, startedAt: t(-600_000) })] },
      "post header in C1, try 2",
    ],
    [
      "refused for good everywhere, just short of 10 m ago, and not grave",
      { channels: ["C1"], incident: incident({ severity: "P3" }), rows: [row("header", { state: "parked", ts: undefined, startedAt: t(-599_999) })] },
      "nothing",
    ],
    ["deleted by a person", { rows: [row("header", { state: "parked" })] }, "post header/2 in C1, try 1"],
    ["deleted twice", { rows: [row("header", { state: "parked" }), row("header/2", { state: "parked" })] }, "nothing"],
  ])("%s", (_, over, expected) => {
    expect(short(nextStep(at(over)))).toBe(expected);
  });
});

describe("then what was said since", () => {
  const header = row("header");
  const entries = [entry("a"), entry("b"), entry("c")];
  const told = (over: Partial<Situation> = {}) => short(nextStep(at({ incident: incident({ entries }), ...over, rows: [header, ...(over.rows ?? [])] })));
  test.each<[string, Partial<Situation>, string]>([
    ["all of it in one reply", {}, "post reply/1 in C1, try 1: a,b,c"],
    ["what is new only", { rows: [row("reply/1", { covers: ["a", "b"] })] }, "post reply/2 in C1, try 1: c"],
    ["nothing, when all is told", { rows: [row("reply/1", { covers: ["a", "b", "c"] })] }, "nothing"],
    ["a lost one first, as it was", { rows: [row("reply/1", { state: "trying", ts: undefined, covers: ["a"] })] }, "post reply/1 in C1, try 2, look first: a"],
    [
      "a refused one with what came meanwhile",
      { rows: [row("reply/1", { state: "refused", ts: undefined, covers: ["a"] })] },
      "post reply/1 in C1, try 2: a,b,c",
    ],
    [
      "nothing past one that waits for a person",
      { rows: [row("reply/1", { state: "parked", ts: undefined, covers: ["a"], startedAt: t(-1) })], incident: incident({ severity: "P3", entries }) },
      "nothing",
    ],
    ["at a reader's pace", { rows: [row("reply/1", { covers: ["a", "b"], startedAt: t(-2_000) })] }, "wait 3000"],
  ])("%s", (_, over, expected) => {
    expect(told(over)).toBe(expected);
  });

  test("under the header that stands, and in the room once there is one", () => {
    const withRoom = incident({ room, entries: [entry("a"), roomEntry, entry("b")] });
    const step = (rows: readonly Delivery[]) => short(nextStep(at({ incident: withRoom, rows })));
    const told = row("reply/1", { covers: ["a"] });
    expect(step([header, told])).toBe("post room/header in C9, try 1");
    expect(step([header, told, row("room/header", { channel: "C9", ts: "9" })])).toBe("post reply/2 in C1, try 1: room");
    expect(step([header, told, row("reply/2", { covers: ["room"] }), row("room/header", { channel: "C9", ts: "9" })])).toBe(
      "post room/reply/1 in C9, try 1: b",
    );
    expect(step([header, told, row("room/header", { channel: "C9", state: "parked", ts: undefined })])).toBe("post reply/2 in C1, try 1: room,b");
  });
});

describe("what the thread refuses or waits for does not silence the incident's own channel", () => {
  const withRoom = incident({ severity: "P3", room, entries: [entry("a"), roomEntry, entry("b")] });
  const roomHeader = row("room/header", { channel: "C9", ts: "9" });
  const step = (rows: readonly Delivery[], over: Partial<Situation> = {}) => short(nextStep(at({ incident: withRoom, ...over, rows: [...rows, roomHeader] })));
  const reply = (over: Partial<Delivery>) => row("reply/1", { ts: undefined, covers: ["a", "room"], ...over });

  test.each<[string, readonly Delivery[], Partial<Situation>, string]>([
    ["a parked reply", [row("header"), reply({ state: "parked", startedAt: t(-599_999) })], {}, "post room/reply/1 in C9, try 1: b"],
    [
      "a parked reply whose time has come goes first",
      [row("header"), reply({ state: "parked", startedAt: t(-600_000) })],
      {},
      "post reply/1 in C1, try 2: a,room",
    ],
    ["a reply that another sender may be posting", [row("header"), reply({ state: "trying", startedAt: t(-5_999) })], {}, "post room/reply/1 in C9, try 1: b"],
    ["a channel that must be left alone", [row("header"), reply({ state: "refused" })], { budgets: busy("C1", 700) }, "post room/reply/1 in C9, try 1: b"],
    [
      "a header that a person took away twice",
      [row("header", { state: "parked" }), row("header/2", { state: "parked" })],
      {},
      "post room/reply/1 in C9, try 1: b",
    ],
    [
      "when both must wait, the shorter wait",
      [row("header"), reply({ state: "refused" })],
      { budgets: new Map([...busy("C1", 700), ...busy("C9", 600)]) },
      "wait 600",
    ],
  ])("%s", (_, rows, over, expected) => {
    expect(step(rows, over)).toBe(expected);
  });

  test("nor does what is left of the thread go there", () => {
    const rows = [row("header"), reply({ state: "parked", startedAt: t(-1) }), row("room/reply/1", { channel: "C9", thread: "9", covers: ["b"] })];
    expect(step(rows)).toBe("nothing");
  });

  test("its header goes on showing the state, too", () => {
    const rows = [row("header", { state: "parked" }), row("header/2", { state: "parked" }), row("room/reply/1", { channel: "C9", covers: ["a", "room", "b"] })];
    expect(step(rows, { shown: { home: "", room: "acked P3 ana|x" } })).toBe("update room/header");
  });
});

describe("then what the header shows", () => {
  const rows = [row("header"), row("reply/1", { covers: ["a"] })];
  test.each<[string, Partial<Situation>, string]>([
    ["the same: nothing", {}, "nothing"],
    ["something else: update", { shown: { home: "open P2 |other", room: "" } }, "update header"],
    [
      "something else so soon: wait",
      {
        shown: { home: "open P2 |other", room: "" },
        budgets: new Map([["updates/INC-260316-0312-shop-api-7f3a", { ...freshBudget("x"), spent: [t(-2_000)] }]]),
      },
      "wait 3000",
    ],
    [
      "another state: at once",
      {
        shown: { home: "acked P2 ana|other", room: "" },
        budgets: new Map([["updates/INC-260316-0312-shop-api-7f3a", { ...freshBudget("x"), spent: [t(-2_000)] }]]),
      },
      "update header",
    ],
    ["while the workspace must wait: wait", { shown: { home: "open P2 |other", room: "" }, budgets: busy("updates", 4_000) }, "wait 4000"],
  ])("%s", (_, over, expected) => {
    expect(short(nextStep(at({ rows, ...over })))).toBe(expected);
  });

  test("a reply that has to wait does not hold up the header", () => {
    const step = nextStep(at({ rows: [row("header"), row("reply/1", { covers: [], startedAt: t(-1_000) })], shown: { home: "acked P2 ana|x", room: "" } }));
    expect(short(step)).toBe("update header");
  });
});

describe("the way that does not depend on Slack", () => {
  const blocked = { rows: [row("header", { state: "refused", ts: undefined })], budgets: busy("C1", 30_000) };
  test.each<[string, Partial<Situation>, string]>([
    ["is taken 20 s after the announcement", { ...blocked, incident: incident({ announcedAt: t(-20_000) }) }, "page page/first, try 1"],
    ["is not taken a moment earlier", { ...blocked, incident: incident({ announcedAt: t(-19_999) }) }, "wait 1"],
    ["is not taken for a P3", { ...blocked, incident: incident({ severity: "P3", announcedAt: t(-20_000) }) }, "wait 30000"],
    [
      "is taken once",
      { ...blocked, rows: [...blocked.rows, row("page/first", { channel: "sns" })], incident: incident({ announcedAt: t(-20_000) }) },
      "wait 30000",
    ],
    [
      "is left to whoever is at it",
      { ...blocked, rows: [...blocked.rows, row("page/first", { state: "trying", startedAt: t(-20_000) })], incident: incident({ announcedAt: t(-20_000) }) },
      "wait 10000",
    ],
    [
      "is taken over from whoever died at it",
      { ...blocked, rows: [...blocked.rows, row("page/first", { state: "trying", startedAt: t(-30_000) })], incident: incident({ announcedAt: t(-20_000) }) },
      "page page/first, try 2",
    ],
    [
      "is taken at once when Slack refuses for good",
      { channels: ["C1"], rows: [row("header", { state: "parked", ts: undefined, startedAt: t(-1) })] },
      "page page/first, try 1",
    ],
    [
      "is taken for each state without Slack",
      { channels: [], incident: incident({ severity: "P4", state: "resolved" }), rows: [row("page/first", { shown: "open:0" })] },
      "page page/state/resolved:0, try 1",
    ],
    ["is taken once a state without Slack", { channels: [], rows: [row("page/first", { shown: "open:0" })] }, "nothing"],
    ["is not taken for what is closed", { channels: [], incident: incident({ state: "closed" }) }, "nothing"],
  ])("%s", (_, over, expected) => {
    expect(short(nextStep(at(over)))).toBe(expected);
  });
});

test("an outage is told in one digest, whatever its length", () => {
  const long = Array.from({ length: 40 }, (_none, n) => entry(`line ${n}`, { text: "x".repeat(200), at: t(-100_000 + n) }));
  const budgets = new Map([["C1", { ...freshBudget("C1"), failures: 5, failingSince: t(-100_000), notBefore: t(-10) }]]);
  const step = nextStep(at({ incident: incident({ entries: long }), rows: [row("header")], budgets }));
  expect(step).toMatchObject({ do: "post", tells: { what: "reply", away: { from: t(-100_000), to: t(-10) } } });
  expect(step.do === "post" ? step.row.covers.length : 0).toBe(40);
});

describe("nothing is left to tell", () => {
  const told = [row("header"), row("reply/1", { covers: ["a"] })];
  test.each<[string, Partial<Incident>, readonly Delivery[], boolean]>([
    ["when header and lines stand", {}, told, true],
    ["before the announcement", { announcedAt: undefined }, [], true],
    ["not when nothing was sent", {}, [], false],
    ["not when a line is missing", {}, [row("header")], false],
    ["not when the header shows another state", { state: "acked" }, told, false],
    ["not when a message is stuck", {}, [...told, row("reply/2", { state: "trying", ts: undefined })], false],
    ["not when the header was deleted once", {}, [row("header", { state: "parked" }), row("reply/1", { covers: ["a"] })], false],
    ["when a person deleted the header twice", {}, [row("header", { state: "parked" }), row("header/2", { state: "parked" })], true],
    ["when the header came back after it was deleted", {}, [row("header", { state: "parked" }), row("header/2"), row("reply/1", { covers: ["a"] })], true],
    ["when SNS told this state, without Slack", {}, [row("page/first", { channel: "sns", shown: "open:0" })], true],
  ])("%s", (_, over, rows, expected) => {
    expect(isTold(incident(over), rows)).toBe(expected);
  });
});

describe("a page says why it comes first, then the newest lines", () => {
  const textOf = (count: number, because = "nobody answered for 5 m") => {
    const entries = Array.from({ length: count }, (_, n) => entry(`line ${n} ${"x".repeat(80)}`, { at: epochMs(1_773_457_200_000 + n * 1_000) }));
    return pageText(incident({ entries }), because).text.split("\n");
  };
  test("all of a few", () => {
    expect(textOf(2).map((line) => line.slice(0, 23))).toEqual(["Nobody answered for 5 m", "03:00:01  line 1 xxxxxx", "03:00:00  line 0 xxxxxx"]);
    expect(textOf(0, "It is over.")).toEqual(["It is over."]);
  });

  test("of many the newest, and how many are left out", () => {
    const lines = textOf(400);
    expect(lines[1]?.slice(0, 18)).toBe("03:06:39  line 399");
    expect(lines.at(-1)).toBe(`(${400 - (lines.length - 2)} earlier lines left out)`);
    expect(lines.slice(1, -1).join("\n").length).toBeLessThanOrEqual(8_000);
    expect(lines.length).toBeGreaterThan(75);
  });
});
