import { epochMs, type GuardedService, type MetricSeries, minutes, percent, serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { guarded } from "../fixtures.ts";
import { siblingsNow } from "./siblings.ts";

const NOW = epochMs(1_773_457_320_000);
const admin: GuardedService = { ...guarded("admin"), name: serviceName("admin"), triggers: [] };
const at = (minute: number) => epochMs(NOW - minute * 60_000);
const series = (requests: number, errors: number): readonly MetricSeries[] => [
  {
    id: "m_admin_requests",
    complete: true,
    points: [
      { at: at(2), value: requests },
      { at: at(1), value: requests },
    ],
  },
  { id: "m_admin_target_5xx", complete: true, points: [{ at: at(1), value: errors }] },
];

describe("a service outside the group", () => {
  it.each([
    ["fails above 5 % of its newest two minutes", 100, 11, [{ service: "admin", failing: true }]],
    ["does not fail at 5 %", 100, 10, [{ service: "admin", failing: false }]],
    ["says nothing below 60 requests", 29, 29, []],
    ["is heard from 60 requests on", 30, 30, [{ service: "admin", failing: true }]],
  ])("%s", (_, requests, errors, expected) => {
    expect(siblingsNow([admin], series(requests, errors), NOW)).toEqual(expected);
  });

  it("is judged by its own bound where it has one", () => {
    const strict: GuardedService = {
      ...admin,
      triggers: [{ kind: "error-rate", above: percent(1), for: minutes(2), minRequests: 60, minErrors: 3, noData: "wait" }],
    };
    expect(siblingsNow([strict], series(100, 3), NOW)).toEqual([{ service: "admin", failing: true }]);
  });

  it("is not judged by minutes older than four", () => {
    const old = series(100, 50).map((one) => ({ ...one, points: one.points.map((point) => ({ ...point, at: epochMs(point.at - 300_000) })) }));
    expect(siblingsNow([admin], old, NOW)).toEqual([]);
  });
});
