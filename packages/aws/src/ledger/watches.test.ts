import { expect, it } from "vitest";
import type { Row, Table } from "./table.ts";
import { watchesOver } from "./watches.ts";

/** A table that holds these rows and honours a range's limit. */
function holding(rows: readonly Row[]): Table {
  const unused = async (): Promise<never> => {
    throw new Error("the test answers ranges only");
  };
  return { get: unused, put: unused, update: unused, remove: unused, range: async ({ limit }) => rows.slice(0, limit) };
}

it("the watch of the 101st group is seen too", async () => {
  const rows = Array.from({ length: 101 }, (_, n) => ({
    group: `g${n + 1}`,
    key: "k",
    members: {},
    openedAt: 1,
    state: "watching",
    ours: [],
    tailUntil: 2,
  }));
  const groups = (await watchesOver(holding(rows)).all()).map((watch) => watch.group);
  expect([groups.length, groups[0], groups[100]]).toEqual([101, "g1", "g101"]);
});
