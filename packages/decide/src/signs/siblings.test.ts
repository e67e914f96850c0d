import { epochMs, type GuardedService, type MetricSeries, minutes, percent, serviceName } from "@nightshift/model";
import { describe, expect, it } from "vitest";
import { guarded } from "../fixtures.ts";
import { situation } from "../situation.ts";
import { siblings, siblingsNow } from "./siblings.ts";

const NOW = epochMs(1_773_457_320_000);
const admin: GuardedService = { ...guarded("admin"), name: serviceName("admin"), triggers: [] };
const at = (minute: number) => epochMs(NOW - minute * 60_000);
/** A calm quarter of an hour, or one with `errors` in 100 requests a minute, then two minutes that are judged. */
const before = (count: number, errors = 0) => Array.from({ length: count }, (_, i) => ({ at: at(10 + i), requests: 100, errors }));
const series = (requests: number, errors: number, earlier = before(3)): readonly MetricSeries[] => [
  {
    id: "m_admin_requests",
    complete: true,
    points: [...earlier.map((row) => ({ at: row.at, value: row.requests })), { at: at(2), value: requests }, { at: at(1), value: requests }],
  },
  { id: "m_admin_target_5xx", complete: true, points: [...earlier.map((row) => ({ at: row.at, value: row.errors })), { at: at(1), value: errors }] },
];
const SINCE = { now: NOW, since: at(8) };

const situationLook = () => {
  const { latest } = situation().memory;
  if (latest === undefined) throw new Error("the ordinary situation has a look");
  return latest;
};

describe("a service outside the group", () => {
  it.each([
    ["fails above 5 % of its newest two minutes", 100, 11, [{ service: "admin", failing: true }]],
    ["does not fail at 5 %", 100, 10, [{ service: "admin", failing: false }]],
    ["says nothing below 60 requests", 29, 29, []],
    ["is heard from 60 requests on", 30, 30, [{ service: "admin", failing: true }]],
  ])("%s", (_, requests, errors, expected) => {
    expect(siblingsNow([admin], series(requests, errors), SINCE)).toEqual(expected);
  });

  it("is judged by its own bound where it has one", () => {
    const strict: GuardedService = {
      ...admin,
      triggers: [{ kind: "error-rate", above: percent(1), for: minutes(2), minRequests: 60, minErrors: 3, noData: "wait" }],
    };
    expect(siblingsNow([strict], series(100, 3), SINCE)).toEqual([{ service: "admin", failing: true }]);
  });

  it("is not judged by minutes older than four", () => {
    const old = series(100, 50).map((one) => ({ ...one, points: one.points.map((point) => ({ ...point, at: epochMs(point.at - 300_000) })) }));
    expect(siblingsNow([admin], old, SINCE)).toEqual([]);
  });

  it.each([
    ["three calm minutes before", before(3), [{ service: "admin", failing: true }]],
    ["two minutes before are too few to tell", before(2), []],
    ["no minutes before", [], []],
    ["5 % before was calm by its bound", before(3, 5), [{ service: "admin", failing: true }]],
    ["6 % before was failing already", before(3, 6), []],
    ["59 requests before are too few", before(3).map((row, i) => ({ ...row, requests: i === 0 ? 19 : 20 })), []],
    ["60 requests before are enough", before(3).map((row) => ({ ...row, requests: 20 })), [{ service: "admin", failing: true }]],
  ])("fails only if it did not before the judged deployment: %s", (_, earlier, expected) => {
    expect(siblingsNow([admin], series(100, 50, earlier), SINCE)).toEqual(expected);
  });

  it("failing before and well now is well", () => {
    expect(siblingsNow([admin], series(100, 0, before(3, 50)), SINCE)).toEqual([{ service: "admin", failing: false }]);
  });

  it("minutes that ended after the deployment began are not before it", () => {
    expect(siblingsNow([admin], series(100, 50), { now: NOW, since: at(9) })).toEqual([{ service: "admin", failing: true }]);
    expect(siblingsNow([admin], series(100, 50), { now: NOW, since: epochMs(at(9) - 1) })).toEqual([]);
  });

  it("late in a watch the oldest minutes of the read stand for before", () => {
    const oldest = before(5).map((row) => ({ ...row, at: epochMs(row.at - 16 * 60_000) }));
    expect(siblingsNow([admin], series(100, 50, oldest), { now: NOW, since: at(55) })).toEqual([{ service: "admin", failing: true }]);
    expect(
      siblingsNow(
        [admin],
        series(
          100,
          50,
          oldest.map((row) => ({ ...row, errors: 50 })),
        ),
        { now: NOW, since: at(55) },
      ),
    ).toEqual([]);
  });
});

describe("a failing sibling against the evidence", () => {
  const look = { ...situationLook(), siblings: [{ service: "admin", failing: true }] };
  it("settles soft evidence", () => expect(siblings(look, "soft")).toMatchObject([{ points: "elsewhere", settles: true }]));
  it("only casts doubt on hard evidence", () => expect(siblings(look, "hard")).toMatchObject([{ points: "elsewhere", settles: false }]));
});
