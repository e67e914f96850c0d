import type { AlarmMove, Change, Entry, IncidentRecord, Severity } from "@nightshift/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeAlarms } from "./alarms.ts";
import { changed, incident, move, opening, second } from "./fold.fixture.ts";
import { foldIncident } from "./fold.ts";

const acked = (key: string, at: number, by = "ana"): Entry => changed(key, at, { what: "acked", by });
const standing = (at: number, stands: Extract<Change, { what: "standing" }>["standing"], over: { severity?: Severity; title?: string } = {}): Entry =>
  changed(`standing/guard/${at}`, at, { what: "standing", automation: "guard", standing: stands, ...over });
const resolved = (key: string, at: number): Entry => changed(key, at, { what: "resolved", how: "person" });
const reopened = (at: number): Entry => changed(`reopened/${at}`, at, { what: "reopened" });
const severity = (at: number, to: Severity, by: "rule" | "person"): Entry => changed(`severity/${at}`, at, { what: "severity", to, by });

describe("the state of an incident", () => {
  test.each<[string, readonly Entry[], readonly AlarmMove[], string]>([
    ["nothing happened yet", [], [], "open"],
    ["somebody has it", [acked("acked/1", 10)], [], "acked"],
    ["the acknowledgement ran out", [acked("acked/1", 10), changed("unacked/1", 20, { what: "unacked" })], [], "open"],
    ["somebody works on the fix", [acked("acked/1", 10), changed("mitigating/1", 20, { what: "mitigating" })], [], "mitigating"],
    ["the fix is in", [changed("mitigating/1", 20, { what: "mitigating" }), changed("monitoring/1", 30, { what: "monitoring" })], [], "monitoring"],
    ["a person resolved it", [resolved("resolved/1", 10)], [move("5xx", "ALARM", 0)], "resolved"],
    ["an automation helped, and no alarm ever rang", [standing(10, "resolved")], [], "resolved"],
    ["an automation helped, and the alarm cleared at that moment", [standing(10, "resolved")], [move("5xx", "ALARM", 0), move("5xx", "OK", 10)], "resolved"],
    ["an automation helped a second before the alarm cleared", [standing(9, "resolved")], [move("5xx", "ALARM", 0), move("5xx", "OK", 10)], "monitoring"],
    ["an automation helped, and an alarm still rings", [standing(10, "resolved")], [move("5xx", "ALARM", 0)], "monitoring"],
    ["an automation helped, and an alarm rang only later", [standing(10, "resolved")], [move("5xx", "ALARM", 11)], "resolved"],
    ["it was opened again", [resolved("resolved/1", 10), reopened(20)], [], "open"],
    ["it was opened again after it had been acknowledged", [acked("acked/1", 5), resolved("resolved/1", 10), reopened(20)], [], "open"],
    ["it was opened again before it was resolved", [reopened(5), resolved("resolved/1", 10)], [], "resolved"],
    ["it was closed", [resolved("resolved/1", 10), changed("closed", 20, { what: "closed" }), reopened(30)], [], "closed"],
    ["it was merged", [changed("merged", 10, { what: "merged", into: "INC-2" }), resolved("resolved/1", 20)], [], "merged"],
    ["it was merged and closed later", [changed("merged", 10, { what: "merged", into: "INC-2" }), changed("closed", 20, { what: "closed" })], [], "merged"],
    ["somebody acknowledged after the end", [resolved("resolved/1", 10), acked("acked/1", 20)], [], "resolved"],
  ])("%s", (_, entries, moves, state) => {
    expect(incident(entries, moves).state).toBe(state);
  });
});

describe("an acknowledgement", () => {
  test("is the first one's; a later one is a note", () => {
    const { acked: has, firstAckAt, turns } = incident([acked("acked/1", 10, "ana"), acked("acked/2", 20, "lead")]);
    expect([has, firstAckAt, turns.acked]).toEqual([{ by: "ana", at: second(10) }, second(10), 2]);
  });
  test("after one that ran out is the next one's; time to acknowledge is counted to the first", () => {
    const { acked: has, firstAckAt } = incident([acked("acked/1", 10, "ana"), changed("unacked/1", 20, { what: "unacked" }), acked("acked/2", 30, "lead")]);
    expect([has, firstAckAt]).toEqual([{ by: "lead", at: second(30) }, second(10)]);
  });
  test("clears that a person is needed", () => {
    expect([standing(5, "needs-person")].map((one) => incident([one]).needsPerson)).toEqual([true]);
    expect(incident([standing(5, "needs-person"), acked("acked/1", 10)]).needsPerson).toBe(false);
    expect(incident([acked("acked/1", 10), standing(15, "needs-person")]).needsPerson).toBe(true);
  });
});

describe("an automation", () => {
  test("is at work until it says otherwise", () => {
    expect(incident([standing(5, "working")]).working).toEqual(["guard"]);
    expect(incident([standing(5, "working"), standing(10, "done")]).working).toEqual([]);
    expect(incident([standing(5, "working"), standing(10, "needs-person")]).working).toEqual([]);
  });
  test("that goes on needs nobody any more", () => {
    expect(incident([standing(5, "needs-person"), standing(10, "working")]).needsPerson).toBe(false);
  });
  test("gives the title, until somebody gives another", () => {
    expect(incident([standing(5, "working", { title: "shop-api:43 is being rolled back" })]).title).toBe("shop-api:43 is being rolled back");
    expect(incident([standing(5, "working", { title: "rolling back" }), changed("title/1", 6, { what: "title", to: "checkout is down" })]).title).toBe(
      "checkout is down",
    );
  });
});

describe("the severity", () => {
  test.each<[string, readonly Entry[], readonly AlarmMove[], Severity]>([
    ["is the opening's", [], [], "P3"],
    ["is raised by an alarm", [], [move("5xx", "ALARM", 10, { severity: "P2" })], "P2"],
    ["is not lowered by one", [], [move("cpu", "ALARM", 10, { severity: "P4" })], "P3"],
    ["is not raised by the end of an alarm", [], [move("5xx", "ALARM", 5), move("5xx", "OK", 10, { severity: "P1" })], "P3"],
    ["is raised by an automation, not lowered", [standing(5, "working", { severity: "P1" }), standing(9, "done", { severity: "P4" })], [], "P1"],
    ["is raised by a rule", [severity(5, "P1", "rule")], [], "P1"],
    ["is lowered by a person", [severity(10, "P4", "person")], [move("5xx", "ALARM", 10, { severity: "P1" })], "P4"],
    ["is raised by a sign that is newer than the person's word", [severity(10, "P4", "person")], [move("5xx", "ALARM", 11, { severity: "P1" })], "P1"],
    ["is the newest person's word", [severity(10, "P1", "person"), severity(20, "P2", "person")], [], "P2"],
    ["is not lowered by a rule after a person's word", [severity(10, "P2", "person"), severity(20, "P4", "rule")], [], "P2"],
  ])("%s", (_, entries, moves, expected) => {
    expect(incident(entries, moves).severity).toBe(expected);
  });
});

describe("the alarms of an incident", () => {
  test("are counted as firing, muted and flapping, and shown in that order", () => {
    const moves = [
      move("cpu", "ALARM", 1, { severity: "P4" }),
      move("5xx", "ALARM", 2, { severity: "P1" }),
      move("down", "ALARM", 3, { role: "down", severity: "P1" }),
      move("worker", "ALARM", 4, { service: "shop-worker" }),
      move("latency", "ALARM", 5),
      move("latency", "OK", 50),
      move("queue", "ALARM", 5),
      move("queue", "OK", 6),
      move("queue", "ALARM", 7),
      move("queue", "OK", 8),
    ];
    const { alarms, firing, inhibited, flapping, clearSince } = incident([], moves);
    expect(alarms.map((one) => one.name)).toEqual(["down", "worker", "5xx", "cpu", "queue", "latency"]);
    expect([firing, inhibited, flapping, clearSince]).toEqual([2, 2, ["queue"], undefined]);
  });
  test("are clear since the last of them ended; where none ever rang there is no such time", () => {
    const moves = [move("a", "ALARM", 1), move("a", "OK", 20), move("b", "ALARM", 1), move("b", "INSUFFICIENT_DATA", 30)];
    expect(incident([], moves).clearSince).toBe(second(30));
    expect(incident().clearSince).toBe(undefined);
  });
  test("of which only the end is known are not shown and do not count", () => {
    const { alarms, clearSince, openedAt } = incident([], [move("a", "OK", -50)]);
    expect([alarms, clearSince, openedAt]).toEqual([[], undefined, second(0)]);
  });
  test("that rang before the first sign we saw make it begin then", () => {
    expect(incident([], [move("a", "ALARM", -50)]).openedAt).toBe(second(-50));
  });
});

test("what people and automations add is kept", () => {
  const suspect = { what: "deployment of shop-api", at: second(-60), commit: "c0ffee" };
  const evidence = { kind: "chart" as const, lines: ["5xx since 03:00"] };
  const {
    fields,
    roles,
    pages,
    room,
    absorbed,
    suspect: blamed,
    evidence: files,
    postMortem,
    announcedAt,
  } = incident([
    changed("announced", 1, { what: "announced" }),
    changed("announced/2", 9, { what: "announced" }),
    changed("field/impact/1", 2, { what: "field", field: "impact", text: "some" }),
    changed("field/impact/2", 3, { what: "field", field: "impact", text: "1 in 8 orders failed" }),
    changed("role/1", 3, { what: "role", role: "ic", person: "ana" }),
    changed("page/1", 4, { what: "paged", tier: 1, by: ["slack-dm"], people: ["ana"] }),
    changed("room", 5, { what: "room", channel: "C1", name: "inc-1" }),
    changed("absorbed/INC-2", 6, { what: "absorbed", from: "INC-2" }),
    changed("suspect", 7, { what: "suspect", suspect }),
    changed("evidence/1", 8, { what: "evidence", evidence }),
    changed("post-mortem", 9, { what: "post-mortem", location: "postmortems/INC-1.md" }),
  ]);
  expect({ fields, roles, pages, room, absorbed, blamed, files, postMortem, announcedAt }).toEqual({
    fields: { impact: "1 in 8 orders failed" },
    roles: { ic: "ana" },
    pages: [{ tier: 1, at: second(4), people: ["ana"], by: ["slack-dm"] }],
    room: { channel: "C1", name: "inc-1" },
    absorbed: ["INC-2"],
    blamed: suspect,
    files: [{ ...evidence, at: second(8) }],
    postMortem: { location: "postmortems/INC-1.md", at: second(9) },
    announcedAt: second(1),
  });
});

test("a person waits for nobody after the end, and what closed keeps what it was", () => {
  const closed = incident([standing(5, "needs-person"), resolved("resolved/1", 10), changed("closed", 20, { what: "closed" })]);
  expect([closed.needsPerson, closed.resolvedAt, closed.resolvedBy, closed.closedAt, closed.mitigatedAt]).toEqual([
    false,
    second(10),
    "person",
    second(20),
    second(10),
  ]);
});

describe("the same entries and alarms", () => {
  const whats: readonly Change[] = [
    { what: "acked", by: "ana" },
    { what: "acked", by: "lead" },
    { what: "unacked" },
    { what: "severity", to: "P1", by: "rule" },
    { what: "severity", to: "P4", by: "person" },
    { what: "mitigating" },
    { what: "monitoring" },
    { what: "resolved", how: "person" },
    { what: "reopened" },
    { what: "closed" },
    { what: "merged", into: "INC-9" },
    { what: "absorbed", from: "INC-8" },
    { what: "standing", automation: "guard", standing: "working" },
    { what: "standing", automation: "guard", standing: "needs-person", severity: "P2" },
    { what: "standing", automation: "guard", standing: "resolved", title: "it helped" },
    { what: "standing", automation: "sweep", standing: "needs-person" },
    { what: "title", to: "checkout is down" },
  ];
  const entries = fc
    .array(fc.tuple(fc.constantFrom(...whats), fc.integer({ min: 0, max: 12 })), { maxLength: 14 })
    .map((list) => list.map(([change, at], n) => changed(`${change.what}/${n}`, at, change)));
  const moves = fc.array(
    fc
      .tuple(
        fc.constantFrom("a", "b", "c"),
        fc.constantFrom("ALARM" as const, "OK" as const, "INSUFFICIENT_DATA" as const),
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom("P1" as const, "P3" as const),
        fc.constantFrom("down" as const, "symptom" as const),
      )
      .map(([name, value, at, worst, role]) => move(name, value, at, { severity: worst, role })),
    { maxLength: 40 },
  );
  const settings = { seed: 20_261_121, numRuns: 1_000 };

  test("give the same incident in every order and however often", () => {
    fc.assert(
      fc.property(
        entries.chain((one) => fc.tuple(fc.constant(one), fc.shuffledSubarray([...one, ...one], { minLength: one.length * 2 }))),
        moves.chain((one) => fc.tuple(fc.constant(one), fc.shuffledSubarray([...one, ...one], { minLength: one.length * 2 }), fc.integer({ min: 0, max: 40 }))),
        ([said, saidAgain], [moved, movedAgain, cut]) => {
          const straight: IncidentRecord = { opening: opening(), entries: said, alarms: mergeAlarms([], moved) };
          const parts = [mergeAlarms([], movedAgain.slice(cut)), mergeAlarms([], movedAgain.slice(0, cut))] as const;
          const shuffled: IncidentRecord = { opening: opening(), entries: saidAgain, alarms: mergeAlarms(parts[0], parts[1]) };
          expect(foldIncident(shuffled)).toEqual(foldIncident(straight));
        },
      ),
      settings,
    );
  });

  test("reach the end, the acknowledgement and the severity of many different courses", () => {
    const states = new Set(fc.sample(fc.tuple(entries, moves), settings).map(([said, moved]) => incident(said, moved).state));
    expect([...states].sort()).toEqual(["acked", "closed", "merged", "mitigating", "monitoring", "open", "resolved"]);
  });
});
