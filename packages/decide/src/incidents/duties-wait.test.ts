import { describe, expect, test } from "vitest";
import { longestWait } from "./duties.ts";
import { incidentFixture, later } from "./incident.fixture.ts";

const page = { tier: 1, at: later(0), by: ["slack-mention" as const] };

describe("a room waits for a word", () => {
  test.each([
    ["a minute while a grave incident is nobody's", incidentFixture({ severity: "P2" }), 60],
    ["a quarter of an hour when it is somebody's", incidentFixture({ severity: "P1", state: "acked", acked: { by: "ana", at: later(0) } }), 900],
    ["a minute while single people were called", incidentFixture({ severity: "P1", pages: [{ ...page, people: ["ana"] }] }), 60],
    ["a quarter of an hour when everybody was called", incidentFixture({ severity: "P1", pages: [{ ...page, people: ["@channel"] }] }), 900],
    ["a quarter of an hour for what is not grave", incidentFixture({ severity: "P3" }), 900],
    ["a minute while it may be opened again", incidentFixture({ state: "resolved", resolvedAt: later(0) }), 60],
  ])("%s", (_, incident, waits) => {
    expect(longestWait(incident, later(899)) / 1_000).toBe(waits);
  });

  test("six hours when that time is over", () => {
    expect(longestWait(incidentFixture({ state: "resolved", resolvedAt: later(0) }), later(900)) / 1_000).toBe(21_600);
  });
});
