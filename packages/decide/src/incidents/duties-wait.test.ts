import type { RungAlarm } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { longestWait } from "./duties.ts";
import { incidentFixture, later } from "./incident.fixture.ts";

const rung: RungAlarm = {
  ...{ name: "slow", service: "shop-api", value: "ALARM", since: later(0), reason: "slow", first: later(0), rang: later(0), severity: "P3" },
  ...{ role: "symptom", changes: [] },
};
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

  test.each([
    [3_599, 60],
    [3_600, 900],
  ])("alarms that changed %i s ago are looked at again after %i s: one more wakes nobody", (ago, waits) => {
    const alarm = { ...rung, since: later(0) };
    expect(longestWait(incidentFixture({ severity: "P3", alarms: [alarm], firing: 1 }), later(ago)) / 1_000).toBe(waits);
    expect(longestWait(incidentFixture({ severity: "P3", alarms: [{ ...alarm, value: "OK" }], firing: 0 }), later(ago)) / 1_000).toBe(900);
  });

  test("six hours when that time is over", () => {
    expect(longestWait(incidentFixture({ state: "resolved", resolvedAt: later(0) }), later(900)) / 1_000).toBe(21_600);
  });
});
