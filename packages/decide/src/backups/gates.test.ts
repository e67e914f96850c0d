import { type DatabaseManifest, type DatabaseSettings, epochMs, minutes, percent } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { judgeDay } from "./gates.ts";
import { manifest, ordersTable } from "./manifest.fixture.ts";

const settings: Pick<DatabaseSettings, "gates"> = {
  gates: { rowDrop: percent(10), fresh: [{ table: "shop.orders", column: "at", within: minutes(5) }] },
};
const withRows = (...rows: readonly (readonly [table: string, root: string, rows: number])[]): DatabaseManifest => ({
  ...manifest,
  tables: rows.map(([table, root, count]) => ({ ...ordersTable, table, root, rows: count })),
});
const newest = (at: number | undefined): DatabaseManifest => ({
  ...manifest,
  freshness: [{ table: "shop.orders", column: "at", newest: at === undefined ? undefined : epochMs(at) }],
});

test("a day like the last is fine, and so is the first", () => {
  expect(judgeDay(manifest, manifest, settings)).toEqual([]);
  expect(judgeDay(undefined, manifest, settings)).toEqual([]);
});

describe("rows that are gone", () => {
  test.each([
    ["a tenth of them, which is allowed", [1_000, 900], []],
    ["one more than a tenth", [1_000, 899], ["t lost 10.1 % of its rows since the last backup: 899 rows, before 1,000 rows"]],
    ["half of 99, too few for a share", [99, 50], []],
    ["half of 100", [100, 50], ["t lost 50.0 % of its rows since the last backup: 50 rows, before 100 rows"]],
    ["all of 3", [3, 0], ["t lost 100 % of its rows since the last backup: 0 rows, before 3 rows"]],
    ["none, there are more", [1_000, 1_001], []],
  ] as const)("%s", (_, [was, is], expected) => {
    expect(judgeDay(withRows(["t", "t", was]), { ...withRows(["t", "t", is]) }, { gates: { ...settings.gates, fresh: [] } })).toEqual(expected);
  });

  test("a table that is gone", () => {
    expect(judgeDay(withRows(["t", "t", 5]), withRows(), { gates: { ...settings.gates, fresh: [] } })).toEqual(["t (5 rows) is gone since the last backup"]);
  });

  test("a partition dropped by plan counts with its table", () => {
    const before = withRows(["t_jan", "t", 90], ["t_feb", "t", 910]);
    expect(judgeDay(before, withRows(["t_feb", "t", 910]), { gates: { ...settings.gates, fresh: [] } })).toEqual([]);
    expect(judgeDay(before, withRows(["t_jan", "t", 90]), { gates: { ...settings.gates, fresh: [] } })).toEqual([
      "t lost 91.0 % of its rows since the last backup: 90 rows, before 1,000 rows",
    ]);
  });
});

describe("the newest row", () => {
  test.each([
    ["five minutes old, which is allowed", 1_795_226_100_000, []],
    ["a millisecond older", 1_795_226_099_999, ["the newest at of shop.orders is 5 m old; it may be 5 m"]],
    ["of Tuesday", 1_795_000_000_000, ["the newest at of shop.orders is 2 days old; it may be 5 m"]],
    ["not known", undefined, ["nobody can say how new shop.orders is: it has no rows, or no time column at"]],
  ])("%s", (_, at, expected) => {
    expect(judgeDay(manifest, newest(at), settings)).toEqual(expected);
  });
});
