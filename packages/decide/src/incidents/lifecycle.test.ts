import type { EpochMs } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { businessDaysAfter } from "./business-time.ts";
import { at, type Did, type Happening, move, type Playing, playRoom, sent, word } from "./duties.fixture.ts";
import { openedAt } from "./incident.fixture.ts";

const MIN = 60;
const HOUR = 3_600;
const DAY = 24 * HOUR;
const header = sent(1, "header");
const alarm = move(0, "shop-5xx", "ALARM");
const played = (happens: readonly Happening[], until: number, over: Partial<Playing> = {}) =>
  playRoom({ severity: "P1", happens: [header, ...happens], until, ...over });
const only = (did: readonly Did[], ...starts: readonly string[]): readonly Did[] => did.filter(([, key]) => starts.some((one) => key.startsWith(one)));

describe("whoever acknowledges", () => {
  test("commands, unless somebody was named", () => {
    expect(only(played([alarm, word(60, { what: "acked", by: "ana" })], 120).did, "role/")).toEqual([[60, "role/1"]]);
    const named = [alarm, word(30, { what: "role", role: "ic", person: "lead" }), word(60, { what: "acked", by: "ana" })];
    expect(only(played(named, 120).did, "role/")).toEqual([]);
  });
});

describe("an acknowledgement of a P1 without a sign of work", () => {
  const acked = [alarm, word(MIN, { what: "acked", by: "ana" })];

  test("is asked about after 30 minutes, and taken back three minutes later", () => {
    const { did, record } = played(acked, 40 * MIN);
    expect(only(did, "still-there", "unacked")).toEqual([
      [31 * MIN, "still-there/1/1"],
      [34 * MIN, "unacked/1"],
    ]);
    expect(record.entries.find(({ key }) => key === "still-there/1/1")?.text).toBe(
      "ana: are you still on it? Nothing was noted for 30 m. Write a word here within 3 m, or the next person is called.",
    );
  });

  test.each<[string, Happening, readonly Did[]]>([
    ["a word before the question puts it off", word(20 * MIN, { what: "field", field: "impact", text: "none" }), [[50 * MIN, "still-there/1/1"]]],
    ["a word after it is enough", word(33 * MIN, { what: "mitigating" }), [[31 * MIN, "still-there/1/1"]]],
    [
      "a word a moment too late is not",
      word(34 * MIN + 1, { what: "mitigating" }),
      [
        [31 * MIN, "still-there/1/1"],
        [34 * MIN, "unacked/1"],
      ],
    ],
    [
      "what the room notes by itself is no sign of work",
      word(20 * MIN, { what: "title", to: "x" }, { actor: "nightshift/war-room" }),
      [
        [31 * MIN, "still-there/1/1"],
        [34 * MIN, "unacked/1"],
      ],
    ],
  ])("%s", (_, happening, expected) => {
    expect(only(played([...acked, happening], 52 * MIN).did, "still-there", "unacked")).toEqual(expected);
  });

  test("after a word it is asked about again, half an hour later", () => {
    expect(only(played([...acked, word(33 * MIN, { what: "mitigating" })], 70 * MIN).did, "still-there", "unacked")).toEqual([
      [31 * MIN, "still-there/1/1"],
      [63 * MIN, "still-there/1/2"],
      [66 * MIN, "unacked/1"],
    ]);
  });

  test("holds while an automation works", () => {
    const working = word(2 * MIN, { what: "standing", automation: "guard", standing: "working" }, { actor: "nightshift/guard" });
    expect(only(played([...acked, working], 2 * HOUR).did, "still-there", "unacked")).toEqual([]);
  });

  test("of a P3 holds for ever", () => {
    expect(only(played(acked, 12 * HOUR, { severity: "P3" }).did, "still-there", "unacked")).toEqual([]);
  });
});

describe("an incident whose alarms are all quiet", () => {
  const quiet = [alarm, move(100, "shop-5xx", "OK")];
  const ends = (happens: readonly Happening[], until: number, over: Partial<Playing> = {}) => only(played(happens, until, over).did, "resolved/");

  test.each<[string, Playing["severity"], number]>([
    ["P1", "P1", 700],
    ["P2", "P2", 400],
    ["P3", "P3", 400],
  ])("is resolved after its time: %s", (_, severity, seconds) => {
    expect(ends(quiet, 1_000, { severity })).toEqual([[seconds, "resolved/1"]]);
  });

  test("is not, where one rings again in the last moment", () => {
    expect(ends([...quiet, move(698, "shop-5xx", "ALARM")], 2_000)).toEqual([]);
  });

  test("is not, while an automation works, and is when it is done", () => {
    const guard = (seconds: number, standing: "working" | "done") =>
      word(seconds, { what: "standing", automation: "guard", standing }, { actor: "nightshift/guard" });
    expect(ends([...quiet, guard(50, "working")], 2_000)).toEqual([]);
    expect(ends([...quiet, guard(50, "working"), guard(900, "done")], 2_000)).toEqual([[900, "resolved/1"]]);
  });

  test("is not, while a plan waits for a person", () => {
    expect(ends(quiet, 2_000, { facts: { waitsForApproval: true } })).toEqual([]);
  });

  test("is resolved at once where an automation said before that it helped", () => {
    const said = word(90, { what: "standing", automation: "guard", standing: "resolved" }, { actor: "nightshift/guard" });
    const { did, record } = played([...quiet, said], 300);
    expect(only(did, "resolved/")).toEqual([[101, "resolved/1"]]);
    expect(record.entries.find(({ key }) => key === "resolved/1")?.change).toEqual({ what: "resolved", how: "automation" });
  });

  test("waits its time where a person said that the fix is in", () => {
    expect(ends([...quiet, word(90, { what: "monitoring" })], 1_000)).toEqual([[700, "resolved/1"]]);
  });

  test("stays open where a person opened it again, until an alarm rings and is quiet once more", () => {
    const again = [...quiet, word(200, { what: "resolved", how: "person" }), word(300, { what: "reopened" })];
    expect(ends(again, 12 * HOUR)).toEqual([]);
    expect(ends([...again, move(400, "shop-5xx", "ALARM"), move(500, "shop-5xx", "OK")], 2_000)).toEqual([[1_100, "resolved/2"]]);
    const byAlarm = (actor: string) => [...quiet, word(200, { what: "resolved", how: "person" }), word(300, { what: "reopened" }, { actor })];
    expect(ends(byAlarm("nightshift/dispatcher"), 2_000)).toEqual([[900, "resolved/2"]]);
    expect(ends(byAlarm("alarms"), 2_000)).toEqual([[900, "resolved/2"]]);
  });

  test.each<[string, Playing["severity"], number]>([
    ["an hour for a P1", "P1", 3_700],
    ["half an hour for a P2", "P2", 1_900],
    ["ten minutes for a P3", "P3", 700],
    ["ten minutes for a P4", "P4", 700],
  ])("where one has no data it waits longer: %s", (_, severity, seconds) => {
    const silent = [move(0, "shop-5xx", "ALARM"), move(100, "shop-5xx", "INSUFFICIENT_DATA")];
    const { did, record } = played(silent, 5_000, { severity });
    expect(only(did, "resolved/")).toEqual([[seconds, "resolved/1"]]);
    expect(record.entries.find(({ key }) => key === "resolved/1")?.text).toMatch(
      /^Resolved\. No alarm has rung for .* shop-5xx had no data for (1 h|30 m|10 m)\.$/,
    );
  });

  test("where the data comes back clear it is over after the usual time, and where it rings it is not", () => {
    const silent = [...quiet.slice(0, 1), move(100, "shop-5xx", "INSUFFICIENT_DATA")];
    expect(ends([...silent, move(400, "shop-5xx", "OK")], 5_000)).toEqual([[1_000, "resolved/1"]]);
    expect(ends([...silent, move(400, "shop-5xx", "ALARM")], 5_000)).toEqual([]);
  });

  test("an automation's word does not end it sooner where one has no data", () => {
    const said = word(90, { what: "standing", automation: "guard", standing: "resolved" }, { actor: "nightshift/guard" });
    expect(ends([alarm, move(100, "shop-5xx", "INSUFFICIENT_DATA"), said], 5_000, { severity: "P2" })).toEqual([[1_900, "resolved/1"]]);
  });

  test("that has no alarms at all stays open", () => {
    expect(ends([], 12 * HOUR)).toEqual([]);
  });
});

describe("an alarm that was under way to us at the end", () => {
  const rang = (seconds: number, arrives: number, name = "shop-down"): Happening => [
    arrives,
    { name, service: "shop-api", value: "ALARM", at: at(seconds), reason: "no target is healthy", severity: "P1", role: "down" },
  ];
  const again = (happens: readonly Happening[], until = 2_000) => only(played(happens, until, { severity: "P3" }).did, "resolved/", "reopened/", "paged/");
  const quiet = [alarm, move(100, "shop-5xx", "OK")];

  test("opens it again as soon as it is seen, and somebody is called", () => {
    expect(again([...quiet, rang(399, 405)], 420)).toEqual([
      [400, "resolved/1"],
      [405, "reopened/1"],
      [405, "paged/1/P1/1.1"],
    ]);
    const { record } = played([...quiet, rang(399, 405)], 420, { severity: "P3" });
    expect(record.entries.find(({ key }) => key === "reopened/1")?.text).toBe("An alarm opened it again. shop-down rings.");
  });

  test("does not, where it is over by then", () => {
    expect(again([...quiet, rang(398, 405), [404, { ...move(399, "shop-down", "OK")[1] }]], 900)).toEqual([[400, "resolved/1"]]);
  });

  test("opens nothing that a person ended knowing of it, and does what rang after their word", () => {
    const byPerson = word(200, { what: "resolved", how: "person" });
    expect(again([alarm, byPerson])).toEqual([]);
    expect(again([alarm, byPerson, rang(200, 210)])).toEqual([]);
    expect(again([alarm, byPerson, rang(201, 210)], 220)).toEqual([
      [210, "reopened/1"],
      [210, "paged/1/P1/1.1"],
    ]);
  });
});

describe("after the end", () => {
  const ended = [alarm, move(100, "shop-5xx", "OK"), word(200, { what: "resolved", how: "person" })];
  const end = 200;

  test("a P3 is closed a day later, without a post-mortem", () => {
    expect(only(played(ended, 3 * DAY, { severity: "P3" }).did, "post-mortem", "reminder", "closed")).toEqual([[end + DAY, "closed"]]);
  });

  test("a P1 gets its draft a day later, is reminded of after five business days, and closed", () => {
    // Opened on Monday, 2026-03-16.
    expect(only(played(ended, 10 * DAY).did, "post-mortem", "reminder", "closed")).toEqual([
      [end + DAY, "post-mortem/1"],
      [7 * DAY + 180, "reminder/1"],
      [7 * DAY + 180, "closed"],
    ]);
    const due: EpochMs = businessDaysAfter(at(end), 5, "UTC");
    expect((due - openedAt) / 1_000).toBe(7 * DAY + 180);
  });

  test("nobody is reminded of a post-mortem that is complete", () => {
    const fields = (["impact", "rootCause", "resolution", "prevention"] as const).map((field) =>
      word(HOUR, { what: "field", field, text: "x" }, { key: `field/${field}/1` }),
    );
    expect(only(played([...ended, ...fields], 10 * DAY).did, "reminder", "closed")).toEqual([[7 * DAY + 180, "closed"]]);
    const { record } = played([...ended, ...fields.slice(0, 3)], 10 * DAY);
    expect(record.entries.find(({ key }) => key === "reminder/1")?.text).toBe(
      "The post-mortem is due: it was resolved 6 days ago, and still missing are prevention.",
    );
  });

  test("an incident that was opened again gets its draft after the second end", () => {
    const again = [...ended, word(300, { what: "reopened" }), word(900, { what: "resolved", how: "person" })];
    expect(only(played(again, 3 * DAY).did, "post-mortem")).toEqual([[900 + DAY, "post-mortem/2"]]);
  });
});
