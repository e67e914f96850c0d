import type { Change, Severity, Standing } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { type Happening, move, playRoom, sent, word } from "./duties.fixture.ts";

const guardIs = (seconds: number, standing: Standing): Happening =>
  word(seconds, { what: "standing", automation: "guard", standing } satisfies Change, { actor: "nightshift/guard" });
const pagesOf = (severity: Severity, happens: readonly Happening[], until = 1_800) =>
  playRoom({ severity, happens, until })
    .did.filter(([, key]) => key.startsWith("paged/"))
    .map(([seconds, key]) => `${seconds} ${key}`);

describe("while the guard works on it", () => {
  test("nobody is woken for a P2 that is over before somebody would have had to answer", () => {
    expect(pagesOf("P2", [guardIs(0, "working"), guardIs(400, "resolved")])).toEqual([]);
  });
  test("a P2 that lasts to the end of its fifteen minutes is told then, once", () => {
    expect(pagesOf("P2", [guardIs(0, "working")])).toEqual(["900 paged/0/P2/1.2"]);
  });
  test("somebody is called as soon as the guard asks for a person", () => {
    expect(pagesOf("P2", [guardIs(0, "working"), guardIs(60, "needs-person")])).toEqual(["60 paged/0/P2/1.1", "900 paged/0/P2/1.2"]);
  });
  test("somebody is called when it stops without an end to the trouble", () => {
    expect(pagesOf("P2", [guardIs(0, "working"), move(0, "shop-5xx", "ALARM", "P2"), guardIs(60, "done")])).toEqual([
      "60 paged/0/P2/1.1",
      "900 paged/0/P2/1.2",
    ]);
  });
  test("an outage is told at once all the same", () => {
    expect(pagesOf("P1", [guardIs(0, "working"), guardIs(200, "resolved")])).toEqual(["0 paged/0/P1/1.1"]);
  });
});

describe("an incident that somebody has and that alarms make graver", () => {
  const acked = word(60, { what: "acked", by: "lead" });
  const p3: readonly Happening[] = [sent(1, "header"), move(0, "shop-5xx", "ALARM", "P3"), acked];
  const played = (happens: readonly Happening[], until = 7_200) => playRoom({ severity: "P3", happens: [...p3, ...happens], until });
  const said = (happens: readonly Happening[], until?: number) => {
    const { did } = played(happens, until);
    return did.filter(([, key]) => /^(paged|severity|called\/paged)\//.test(key)).map(([seconds, key]) => `${seconds} ${key}`);
  };
  const down = move(119, "shop-down", "ALARM", "P1");

  test("is told to the channel and, once, to tier 1, by every means of its first call", () => {
    expect(said([down], 1_700)).toEqual(["120 severity/1", "120 paged/0/P1/1.1", "120 called/paged/0/P1/1.1/sns"]);
  });
  test("the lines say who acknowledged what, and name who is on call", () => {
    const { record } = played([down], 200);
    const text = (start: string) => record.entries.find(({ key }) => key === start)?.text;
    expect(text("severity/1")).toBe("An alarm raised the severity from P3 to P1. lead acknowledged it when it was P3. shop-down: shop-down says so");
    expect(text("paged/0/P1/1.1")).toBe(
      "This is P1 now; lead acknowledged it when it was P3. ana (tier 1, On-Call Engineer): please look at it now, together with lead.",
    );
    expect(record.entries.find(({ key }) => key === "severity/1")).toMatchObject({ announce: true, change: { what: "severity", to: "P1", by: "rule" } });
  });
  test("is told once a severity", () => {
    expect(said([move(119, "shop-slow", "ALARM", "P2"), move(300, "shop-down", "ALARM", "P1")], 400)).toEqual([
      "120 severity/1",
      "120 paged/0/P2/1.1",
      "301 severity/2",
      "301 paged/0/P1/1.1",
      "301 called/paged/0/P1/1.1/sns",
    ]);
  });
  test("calls nobody where the alarm is no graver, where a person raised it, or where it cleared first", () => {
    expect(said([move(119, "shop-slow", "ALARM", "P3")])).toEqual([]);
    expect(said([move(50, "shop-slow", "ALARM", "P1")], 70)).toEqual(["51 severity/1", "51 paged/0/P1/1.1", "51 called/paged/0/P1/1.1/sns"]);
    expect(
      said([move(100, "shop-5xx", "OK"), [119, { ...move(118, "shop-down", "ALARM", "P1")[1] }], [119, { ...move(119, "shop-down", "OK")[1] }]], 300),
    ).toEqual(["119 severity/1"]);
  });
  test("an acknowledgement given after the raise was told stands", () => {
    const happens = [sent(1, "header"), move(0, "shop-5xx", "ALARM", "P3"), move(100, "shop-down", "ALARM", "P1"), word(110, { what: "acked", by: "lead" })];
    const { did } = playRoom({ severity: "P3", happens, until: 1_800 });
    expect(did.filter(([, key]) => key.startsWith("paged/"))).toEqual([[101, "paged/0/P1/1.1"]]);
  });
  test("an alarm that was under way when it was acknowledged is told all the same", () => {
    const late: Happening = [62, { ...move(59, "shop-down", "ALARM", "P1")[1] }];
    expect(said([late], 100)).toEqual(["62 severity/1", "62 paged/0/P1/1.1", "62 called/paged/0/P1/1.1/sns"]);
  });
  test("while the guard works on what became a P2 nobody is woken before somebody would have had to answer", () => {
    expect(said([guardIs(100, "working"), move(119, "shop-slow", "ALARM", "P2")], 1_000)).toEqual(["120 severity/1", "900 paged/0/P2/1.1"]);
  });
});

describe("a grave incident whose alarms have no data", () => {
  test.each<[Severity, readonly string[]]>([
    ["P1", ["0 paged/0/P1/1.1", "300 paged/0/P1/1.2", "900 paged/0/P1/2.1"]],
    ["P3", []],
  ])("goes on calling until somebody has it, where it is grave: %s", (severity, pages) => {
    expect(pagesOf(severity, [sent(1, "header"), move(0, "shop-5xx", "ALARM", severity), move(100, "shop-5xx", "INSUFFICIENT_DATA")], 1_000)).toEqual(pages);
  });
});
