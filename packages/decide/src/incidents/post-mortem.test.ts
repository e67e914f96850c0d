import type { Entry } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { incidentFixture, later } from "./incident.fixture.ts";
import { postMortemMarkdown, timelineOf } from "./post-mortem.ts";
import { warRoomTemplate } from "./template.ts";
import { meanOf, medianOf, timesOf } from "./times.ts";
import { ms } from "@nightshift/model";

const entry = (key: string, seconds: number, kind: Entry["kind"], text: string, change?: Entry["change"]): Entry => ({
  key,
  at: later(seconds),
  kind,
  text,
  announce: true,
  ...(change === undefined ? {} : { change }),
});
const story = incidentFixture({
  state: "resolved",
  announcedAt: later(1),
  firstAckAt: later(120),
  acked: { by: "lead", at: later(120) },
  mitigatedAt: later(180),
  resolvedAt: later(341),
  resolvedBy: "automation",
  roles: { ic: "lead" },
  suspect: { what: "api:43", at: later(-60), commit: "8f3c2a1d99", pullRequest: "#412" },
  pages: [{ tier: 1, at: later(1), people: ["U0LEAD"], by: ["slack-mention"] }],
  evidence: [
    { kind: "chart", at: later(20), lines: ["5xx since 03:10"], stored: { key: "incidents/x/chart.png", sha256: "abcdef0123456789", type: "image/png" } },
  ],
  fields: { impact: "1 in 8 checkouts failed" },
  entries: [
    entry("announced", 1, "opened", "first notice", { what: "announced" }),
    entry("20", 10, "seen", "5xx 12.4 % of 1,180 requests"),
    entry("30", 11, "blamed", "no other service affected: it is the deployment"),
    entry("60", 14, "acted", "rollback of shop-api to api:42 accepted by ECS"),
    entry("m", 180, "changed", "api:42 serves alone", { what: "mitigating" }),
    entry("80", 341, "resolved", "verified: it helped", { what: "resolved", how: "automation" }),
  ],
});

describe("the war room template", () => {
  test("is filled from the record, and every row of the seeds is there", () => {
    const rows = warRoomTemplate(story, later(400));
    expect(rows.map(({ name, known }) => `${name} ${known}`)).toEqual([
      "Severity true",
      "Start Time true",
      "End Time true",
      "Duration true",
      "Symptoms true",
      "Root Cause true",
      "Impact true",
      "Resolution true",
      "Prevention false",
    ]);
    expect(rows.find((row) => row.name === "Start Time")?.lines).toEqual(["2026-03-16 03:12:00 UTC"]);
    expect(rows.find((row) => row.name === "Duration")?.lines).toEqual(["6 minutes (5 m 41 s)"]);
    expect(rows.find((row) => row.name === "Root Cause")?.lines).toEqual([
      "no other service affected: it is the deployment",
      "Suspected change: api:43 at 03:11:00, commit 8f3c2a1, pull request #412",
    ]);
    expect(rows.find((row) => row.name === "Impact")?.lines).toEqual(["1 in 8 checkouts failed", "Affected services: shop-api"]);
  });
  test("says of an incident under way that it is not over, and how long it has been", () => {
    const rows = warRoomTemplate(incidentFixture(), later(90));
    expect(rows.find((row) => row.name === "End Time")).toEqual({ name: "End Time", lines: ["not over yet"], known: false });
    expect(rows.find((row) => row.name === "Duration")?.lines).toEqual(["2 minutes (1 m 30 s) so far"]);
  });
  test("names ten alarms, the first to ring first, and counts the rest", () => {
    const alarm = (n: number) =>
      ({
        name: `a${String(n).padStart(2, "0")}`,
        service: "shop-api",
        value: "ALARM",
        since: later(0),
        reason: "r",
        first: later(0),
        rang: later(0),
        severity: "P2",
        role: "symptom",
        changes: [],
      }) as const;
    const lines = (many: number) =>
      warRoomTemplate(incidentFixture({ alarms: Array.from({ length: many }, (_, n) => alarm(n)) }), later(1)).find((row) => row.name === "Symptoms")?.lines;
    expect(lines(1)).toEqual(["Alarm: a00"]);
    expect(lines(10)).toEqual(["10 alarms: a00, a01, a02, a03, a04, a05, a06, a07, a08, a09"]);
    expect(lines(12)).toEqual(["12 alarms: a00, a01, a02, a03, a04, a05, a06, a07, a08, a09 and 2 more"]);
  });
});

describe("a post-mortem draft", () => {
  test("holds title, template, clocks, people, the whole timeline in order, evidence and the three questions", () => {
    expect(postMortemMarkdown(story, later(400))).toMatchSnapshot();
  });
  test("the timeline has the four moments of the template by their names", () => {
    expect(timelineOf(story).map(({ text }) => text)).toEqual([
      "Issue detected: 5xx 12.4 % (> 5 %)",
      "Team notified: first notice",
      "5xx 12.4 % of 1,180 requests",
      "no other service affected: it is the deployment",
      "rollback of shop-api to api:42 accepted by ECS",
      "Fix deployed: api:42 serves alone",
      "Issue resolved: verified: it helped",
    ]);
  });
  test("foreign text neither ends its cell nor becomes markup", () => {
    const nasty = incidentFixture({ title: "<script>\n# x | y", entries: [entry("a", 1, "seen", "a | b\n![x](http://e) `c` <b>")] });
    const text = postMortemMarkdown(nasty, later(1));
    expect(text).toContain("# \\[shop-api\\] \\[P2\\] &lt;script> \\# x | y");
    expect(text).toContain("| 03:12:01 | a \\| b \\!\\[x\\](http://e) \\`c\\` &lt;b> | nightshift |");
  });
  test("nobody who was needed is said to be nobody", () => {
    expect(postMortemMarkdown(incidentFixture(), later(1))).toContain("Nobody was needed.");
  });
});

describe("the clocks of incidents", () => {
  test("count from the first sign", () => {
    expect(timesOf(story)).toEqual({ notice: 1_000, acknowledge: 120_000, mitigate: 180_000, resolve: 341_000 });
    expect(timesOf(incidentFixture())).toEqual({ notice: undefined, acknowledge: undefined, mitigate: undefined, resolve: undefined });
  });
  test("mean and median leave out what never came", () => {
    expect(meanOf([ms(1), undefined, ms(4)])).toBe(2.5);
    expect(meanOf([undefined])).toBeUndefined();
    expect(medianOf([ms(9), undefined, ms(1), ms(4), ms(2)])).toBe(2);
    expect(medianOf([ms(9), ms(1), ms(4)])).toBe(4);
    expect(medianOf([])).toBeUndefined();
  });
});
