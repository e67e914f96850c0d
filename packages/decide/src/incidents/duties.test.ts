import { minutes, type Severity } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { type Did, type Happening, move, playRoom, sent, word } from "./duties.fixture.ts";
import { policyFixture } from "./policy.fixture.ts";

/** Only what begins like this, in its order. */
const only = (did: readonly Did[], ...starts: readonly string[]): readonly Did[] => did.filter(([, key]) => starts.some((one) => key.startsWith(one)));
const MIN = 60;
const HOUR = 3_600;
/** An alarm that rings all the time, and Slack that works. */
const ringing = (severity: Severity = "P3"): readonly Happening[] => [move(0, "shop-5xx", "ALARM", severity), sent(1, "header")];

describe("the first notice", () => {
  test.each<[Severity, number]>([
    ["P1", 0],
    ["P2", 5],
    ["P3", 30],
    ["P4", 30],
  ])("of a %s goes out after %i s", (severity, seconds) => {
    expect(only(playRoom({ severity, until: 60 }).did, "announced")).toEqual([[seconds, "announced"]]);
  });

  test("waits no longer when it became a P1 meanwhile", () => {
    expect(only(playRoom({ severity: "P3", happens: [move(2, "shop-down", "ALARM", "P1")], until: 60 }).did, "announced")).toEqual([[3, "announced"]]);
  });
});

describe("pages of an incident that nobody takes", () => {
  test.each<[Severity, readonly Did[]]>([
    [
      "P1",
      [
        [0, "paged/0/P1/1.1"],
        [5 * MIN, "paged/0/P1/1.2"],
        [15 * MIN, "paged/0/P1/2.1"],
        [30 * MIN, "paged/0/P1/3.1"],
        [35 * MIN, "paged/0/P1/3.99"],
      ],
    ],
    [
      "P2",
      [
        [5, "paged/0/P2/1.1"],
        [15 * MIN, "paged/0/P2/1.2"],
        [45 * MIN, "paged/0/P2/2.1"],
        [105 * MIN, "paged/0/P2/3.1"],
        [120 * MIN, "paged/0/P2/3.99"],
      ],
    ],
    [
      "P3",
      [
        [60 * MIN, "paged/0/P3/1.1"],
        [120 * MIN, "paged/0/P3/2.1"],
      ],
    ],
    ["P4", []],
  ])("%s: to the second, each tier once, everybody at the end", (severity, expected) => {
    expect(only(playRoom({ severity, happens: ringing(severity), until: 12 * HOUR }).did, "paged/")).toEqual(expected);
  });

  test("by SNS and to single people are calls of their own, made once a page", () => {
    expect(only(playRoom({ severity: "P1", happens: ringing(), until: 6 * MIN }).did, "called/")).toEqual([
      [0, "called/paged/0/P1/1.1/sns"],
      [5 * MIN, "called/paged/0/P1/1.2/sns"],
      [5 * MIN, "called/paged/0/P1/1.2/slack-dm/ana"],
    ]);
  });

  test("name who, why, and how to take it", () => {
    const { record } = playRoom({ severity: "P1", happens: ringing(), until: 16 * MIN });
    expect(record.entries.filter(({ kind, announce }) => kind === "paged" && announce).map(({ text }) => text)).toEqual([
      "ana (tier 1, On-Call Engineer): please take it. Press Acknowledge on the first message, or say: /ops ack INC-1",
      "Nobody has acknowledged for 5 m. ana (tier 1, On-Call Engineer): please take it. Press Acknowledge on the first message, or say: /ops ack INC-1",
      "Nobody has acknowledged for 15 m. lead (tier 2, DevOps Lead): please take it. Press Acknowledge on the first message, or say: /ops ack INC-1",
    ]);
  });
});

describe("nobody is paged", () => {
  test.each<[string, number, number]>([
    ["a second before the second rung", 299, 1],
    ["at its very moment", 300, 1],
    ["a second later", 301, 2],
  ])("after an acknowledgement %s", (_, seconds, pages) => {
    const happens = [...ringing(), word(seconds, { what: "acked", by: "ana" })];
    expect(only(playRoom({ severity: "P1", happens, until: 29 * MIN }).did, "paged/")).toHaveLength(pages);
  });

  test("after the end", () => {
    const happens = [...ringing(), word(60, { what: "resolved", how: "person" })];
    expect(only(playRoom({ severity: "P1", happens, until: HOUR }).did, "paged/")).toEqual([[0, "paged/0/P1/1.1"]]);
  });

  test("while its alarms are quiet, and at once when they ring again", () => {
    const happens = [...ringing(), move(100, "shop-5xx", "OK"), move(400, "shop-5xx", "ALARM")];
    expect(only(playRoom({ severity: "P1", happens, until: 14 * MIN }).did, "paged/")).toEqual([
      [0, "paged/0/P1/1.1"],
      [401, "paged/0/P1/1.2"],
    ]);
  });

  test("while the figures are watched after a fix, but for no longer than alarms get to be quiet", () => {
    const standing = word(60, { what: "standing", automation: "guard", standing: "resolved" }, { actor: "nightshift/guard" });
    const { did } = playRoom({ severity: "P1", happens: [...ringing(), standing], until: 15 * MIN - 1 });
    expect(only(did, "paged/")).toEqual([
      [0, "paged/0/P1/1.1"],
      [660, "paged/0/P1/1.2"],
    ]);
  });

  test("although a page was promised: its call is not made any more", () => {
    const happens = [...ringing(), word(0, { what: "acked", by: "ana" })];
    expect(only(playRoom({ severity: "P1", happens, until: MIN }).did, "called/", "paged/")).toEqual([]);
  });
});

describe("when it gets worse", () => {
  const worse = word(20 * MIN, { what: "severity", to: "P1", by: "person" });

  test("tier 1 is told again at once, and the ladder counts from then", () => {
    expect(only(playRoom({ severity: "P2", happens: [...ringing(), worse], until: 60 * MIN }).did, "paged/")).toEqual([
      [5, "paged/0/P2/1.1"],
      [15 * MIN, "paged/0/P2/1.2"],
      [20 * MIN, "paged/0/P1/1.1"],
      [25 * MIN, "paged/0/P1/1.2"],
      [35 * MIN, "paged/0/P1/2.1"],
      [50 * MIN, "paged/0/P1/3.1"],
      [55 * MIN, "paged/0/P1/3.99"],
    ]);
  });

  test("a tier above the first that was told is not told again", () => {
    const happens = [...ringing(), word(50 * MIN, { what: "severity", to: "P1", by: "person" })];
    expect(only(playRoom({ severity: "P2", happens, until: 81 * MIN }).did, "paged/0/P1")).toEqual([
      [50 * MIN, "paged/0/P1/1.1"],
      [55 * MIN, "paged/0/P1/1.2"],
      [80 * MIN, "paged/0/P1/3.1"],
    ]);
  });

  test("by an alarm, tier 1 is told so in a line of its own", () => {
    const { record } = playRoom({ severity: "P2", happens: [...ringing(), move(600, "shop-down", "ALARM", "P1")], until: 700 });
    expect(record.entries.find(({ key }) => key === "paged/0/P1/1.1")?.text).toMatch(/^This is P1 now\. ana \(tier 1/);
  });

  test("an alarm that goes on and off does not put the next tier off", () => {
    const flaps = [1, 2, 3, 4, 5, 6].flatMap((n) => [move(n * 120, "shop-5xx", "OK", "P1"), move(n * 120 + 30, "shop-5xx", "ALARM", "P1")]);
    const { did } = playRoom({ severity: "P3", happens: [...ringing("P1"), ...flaps], until: 31 * MIN });
    expect(only(did, "paged/0/P1/2", "paged/0/P1/3")).toEqual([
      [15 * MIN, "paged/0/P1/2.1"],
      [30 * MIN, "paged/0/P1/3.1"],
    ]);
  });

  test("lowering it starts nothing anew", () => {
    const happens = [...ringing(), word(20 * MIN, { what: "severity", to: "P2", by: "person" })];
    expect(only(playRoom({ severity: "P1", happens, until: 60 * MIN }).did, "paged/0/P2")).toEqual([]);
  });
});

test("a room that begins to look late calls each tier that is due once, by every means that was due", () => {
  const { did, record } = playRoom({ severity: "P1", happens: ringing(), starts: 16 * MIN, until: 17 * MIN });
  expect(only(did, "paged/")).toEqual([
    [16 * MIN, "paged/0/P1/1.2"],
    [16 * MIN, "paged/0/P1/2.1"],
  ]);
  expect(record.entries.find(({ key }) => key === "paged/0/P1/1.2")?.change).toEqual({
    what: "paged",
    tier: 1,
    by: ["slack-mention", "sns", "slack-dm"],
    people: ["ana"],
  });
});

test("when nobody has it any more the ladder begins anew", () => {
  const happens = [...ringing(), word(MIN, { what: "acked", by: "ana" }), word(16 * MIN, { what: "unacked" })];
  expect(only(playRoom({ severity: "P1", happens, until: 32 * MIN }).did, "paged/")).toEqual([
    [0, "paged/0/P1/1.1"],
    [16 * MIN, "paged/1/P1/1.1"],
    [21 * MIN, "paged/1/P1/1.2"],
    [31 * MIN, "paged/1/P1/2.1"],
  ]);
});

test("when it is opened again the ladder begins anew", () => {
  const happens = [...ringing(), word(MIN, { what: "resolved", how: "person" }), word(2 * MIN, { what: "reopened" })];
  expect(only(playRoom({ severity: "P1", happens, until: 8 * MIN }).did, "paged/")).toEqual([
    [0, "paged/0/P1/1.1"],
    [2 * MIN, "paged/1/P1/1.1"],
    [7 * MIN, "paged/1/P1/1.2"],
  ]);
});

describe("nobody on call", () => {
  const empty = (...tiers: readonly number[]) =>
    policyFixture({
      tiers: policyFixture().tiers.map((one) => (tiers.includes(one.tier) ? { ...one, rota: { kind: "static", name: one.name, people: [] } } : one)),
    });
  const people = (tiers: readonly number[], until: number) =>
    playRoom({ severity: "P1", happens: ringing(), policy: empty(...tiers), until }).record.entries.flatMap(({ change }) =>
      change?.what === "paged" ? [[change.people.join(), change.by.join()]] : [],
    );

  test("calls the whole channel once, and SNS each time", () => {
    expect(people([1, 2], 31 * MIN)).toEqual([
      ["@channel", "slack-mention,sns"],
      ["", "slack-dm,sns,slack-mention"],
      ["", "slack-dm,sns,slack-mention"],
      ["cto", "slack-dm,sns"],
    ]);
  });

  test("a user group that is empty is nobody", () => {
    const policy = policyFixture({ tiers: [{ tier: 1, name: "On-Call", rota: { kind: "slack-group", name: "tier 1", group: "S0OPS" } }] });
    const calls = (members: Readonly<Record<string, readonly string[]>>) =>
      playRoom({ severity: "P1", happens: ringing(), policy, until: 60, facts: { members } }).record.entries.flatMap(({ change }) =>
        change?.what === "paged" ? change.people : [],
      );
    expect([calls({}), calls({ S0OPS: ["U0ANA", "U0BOB"] })]).toEqual([["@channel"], ["U0ANA", "U0BOB"]]);
  });
});

describe("the first notice of a grave incident goes by SNS", () => {
  const fallback = (severity: Severity, happens: readonly Happening[], until = 120) => only(playRoom({ severity, happens, until }).did, "called/first-notice");
  const alarm = move(0, "shop-5xx", "ALARM");

  test("when Slack has not taken it for 30 s", () => {
    expect([fallback("P1", [alarm]), fallback("P2", [alarm])]).toEqual([[[30, "called/first-notice/sns"]], [[35, "called/first-notice/sns"]]]);
  });

  test.each<[string, Severity, readonly Happening[]]>([
    ["when it stands in Slack a moment before", "P1", [alarm, sent(29.999, "header")]],
    ["when the notifier did it before", "P1", [alarm, sent(20, "page/first")]],
    ["when somebody has it", "P1", [alarm, word(10, { what: "acked", by: "ana" })]],
    ["when it is over", "P1", [alarm, word(10, { what: "resolved", how: "person" })]],
    ["when it is not grave", "P3", [alarm]],
  ])("but not %s", (_, severity, happens) => {
    expect(fallback(severity, happens)).toEqual([]);
  });
});

test("whoever was called by SNS is told the end by SNS, once an end", () => {
  const { did } = playRoom({ severity: "P1", happens: [...ringing(), word(60, { what: "resolved", how: "person" })], until: 300 });
  expect(only(did, "called/resolved")).toEqual([[60, "called/resolved/1/sns"]]);
  const without = playRoom({ severity: "P3", happens: [...ringing(), word(60, { what: "resolved", how: "person" })], until: 300 });
  expect(only(without.did, "called/resolved")).toEqual([]);
});

describe("evidence", () => {
  test("is collected once after the opening and once at the end", () => {
    const { did } = playRoom({ severity: "P1", happens: [...ringing(), word(60, { what: "resolved", how: "person" })], until: HOUR });
    expect(only(did, "evidence/")).toEqual([
      [0, "evidence/opened"],
      [60, "evidence/resolved/1.0"],
    ]);
  });

  test("waits where a page falls due within 20 s, and not where it falls due in 20", () => {
    const tight = (seconds: number) => {
      const base = policyFixture();
      const tiers = base.severities.P1.tiers.map((rung, n) => (n === 1 ? { ...rung, after: minutes(seconds / 60) } : rung));
      const policy = policyFixture({ severities: { ...base.severities, P1: { ...base.severities.P1, tiers } } });
      return only(playRoom({ severity: "P1", happens: ringing(), policy, until: 60 }).did, "evidence/")[0]?.[0];
    };
    expect([tight(20), tight(19)]).toEqual([0, 19]);
  });
});

test("a P4 that pages does so at nine of the next business day, local time", () => {
  const base = policyFixture();
  const P4 = { ...base.severities.P4, tiers: [{ tier: 1, after: minutes(0), by: ["slack-mention" as const] }] };
  const policy = policyFixture({ severities: { ...base.severities, P4 }, timeZone: "Europe/Berlin" });
  // Opened on Monday, 2026-03-16 at 04:12 in Berlin.
  expect(only(playRoom({ severity: "P4", happens: ringing("P4"), policy, until: 12 * HOUR }).did, "paged/")).toEqual([[4 * HOUR + 48 * MIN, "paged/0/P4/1.1"]]);
});

test("a closed or merged incident has nothing due and nothing to wait for", () => {
  const merged = playRoom({ severity: "P1", happens: [...ringing(), word(10, { what: "merged", into: "INC-2" })], until: HOUR });
  const closed = playRoom({ severity: "P1", happens: [...ringing(), word(10, { what: "closed" })], until: HOUR });
  expect([...merged.did, ...closed.did].filter(([seconds]) => seconds >= 10)).toEqual([]);
});
