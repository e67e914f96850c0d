import { days, epochMs, type Part } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { incidentFixture, later, openedAt } from "./incident.fixture.ts";
import { handoffDigest, type ReportFacts, weeklyReport } from "./reports.ts";

const facts = (over: Partial<ReportFacts> = {}): ReportFacts => ({ product: "shop", now: later(3_600), incidents: [], silences: [], onCall: [], ...over });
const linesUnder = (parts: readonly Part[], title: string): readonly unknown[] =>
  parts.flatMap((part) => (part.kind === "lines" && JSON.stringify(part.lines[0]) === JSON.stringify([{ bold: title }]) ? part.lines.slice(1) : []));

describe("the hand-over digest", () => {
  test("a quiet night says so in one line", () => {
    const card = handoffDigest(facts({ onCall: [{ tier: "On-Call Engineer", people: ["ana"] }] }));
    expect(card.summary).toBe("shop: hand-over. Nothing is open, 0 in the last 24 h.");
    expect(linesUnder(card.parts, "On call")).toEqual(["On-Call Engineer: ana"]);
    expect(linesUnder(card.parts, "Open")).toEqual(["Nothing is open."]);
  });
  test("open incidents, what was done, and silences with their rest", () => {
    const acted = { key: "60", at: later(14), kind: "acted", text: "rollback accepted", announce: true } as const;
    const card = handoffDigest(
      facts({
        incidents: [incidentFixture({ entries: [acted] }), incidentFixture({ id: "INC-2", state: "closed" })],
        silences: [{ id: "s", scope: "shop-api", by: "lead", because: "load test", from: openedAt, until: later(5_400) }],
      }),
    );
    expect(linesUnder(card.parts, "Open")).toEqual(["INC-260316-0312-shop-api-7f3a  P2 open  5xx 12.4 % (> 5 %)"]);
    expect(linesUnder(card.parts, "Done by Nightshift in the last 24 h")).toEqual(["03:12:14  shop-api: rollback accepted"]);
    expect(linesUnder(card.parts, "Silenced")).toEqual(["shop-api for 30 m more (lead: load test)"]);
  });
  test("an incident of exactly a day ago counts, one a millisecond older does not", () => {
    const at = (now: number) => handoffDigest(facts({ now: epochMs(now), incidents: [incidentFixture({ state: "closed" })] })).summary;
    expect(at(openedAt + days(1))).toBe("shop: hand-over. Nothing is open, 1 in the last 24 h.");
    expect(at(openedAt + days(1) + 1)).toBe("shop: hand-over. Nothing is open, 0 in the last 24 h.");
  });
  test("an alarm that keeps coming back is named with what to do about it", () => {
    const alarm = (changes: number) =>
      ({
        name: "p95",
        service: "shop-api",
        value: "OK",
        since: openedAt,
        reason: "",
        first: openedAt,
        rang: openedAt,
        severity: "P3",
        role: "symptom",
        changes: Array.from({ length: changes }, (_, n) => later(n)),
      }) as const;
    const noisy = (changes: number) =>
      linesUnder(
        handoffDigest(facts({ incidents: [1, 2].map((n) => incidentFixture({ id: `INC-${n}`, alarms: [alarm(changes)] })) })).parts,
        "Noisiest alarms",
      );
    expect(noisy(4)).toEqual(["p95: in 2 incidents, 8 changes. If nobody acts on it, raise its threshold or silence it."]);
    expect(noisy(5)).toEqual(["p95: in 2 incidents, 10 changes. It flaps: ask for more datapoints to alarm, or a wider gap to OK."]);
  });
});

describe("the weekly report", () => {
  test("counts by severity, and averages the clocks of what has them", () => {
    const done = { state: "resolved", announcedAt: later(2), resolvedAt: later(600) } as const;
    const card = weeklyReport(
      facts({
        incidents: [
          incidentFixture({ ...done, severity: "P1" }),
          incidentFixture({ ...done, resolvedAt: later(1_200), firstAckAt: later(60) }),
          incidentFixture(),
        ],
      }),
    );
    expect(card.parts[1]).toEqual({
      kind: "facts",
      facts: [
        ["Incidents", "3 (P1: 1 · P2: 2 · P3: 0 · P4: 0)"],
        ["Pages", "0; at most 2 a shift is the aim"],
        ["Time to first notice", "2 s"],
        ["Time to acknowledge (aim: 15 m)", "1 m"],
        ["Time to mitigate", "–"],
        ["Time to resolve (aim: 30 m)", "15 m"],
        ["Resolved without a person", "1"],
      ],
    });
  });
  test("a grave incident that is over and whose root cause nobody wrote is asked for", () => {
    const missing = (over: Parameters<typeof incidentFixture>[0]) =>
      linesUnder(weeklyReport(facts({ incidents: [incidentFixture(over)] })).parts, "Post-mortems to write");
    expect(missing({ state: "resolved" })).toEqual(["INC-260316-0312-shop-api-7f3a  P2  5xx 12.4 % (> 5 %)"]);
    expect(missing({ state: "resolved", fields: { rootCause: "a typo" } })).toEqual(["None is missing."]);
    expect(missing({ state: "resolved", severity: "P3" })).toEqual(["None is missing."]);
    expect(missing({ state: "open" })).toEqual(["None is missing."]);
  });
});
