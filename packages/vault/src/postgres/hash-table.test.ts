import { expect, test } from "vitest";
import { cutTable, newestOf, TableSum, type TableWork } from "./hash-table.ts";
import type { TableFacts } from "./tables.ts";

const facts: TableFacts = {
  oid: 1,
  table: "public.orders_2026",
  root: "public.orders",
  columns: [{ name: "id", type: "bigint", typeOid: 20 }],
  key: ["id"],
  names: ["public.orders_2026", "public.orders"],
  likelyRows: 10,
  bytes: 0,
  tableBytes: 300 * 1_024 * 1_024,
  blocks: 1_000,
  condition: "",
};
const work = (change: Partial<TableFacts> = {}): TableWork => ({
  facts: { ...facts, ...change },
  plan: { by: "key", count: 2 },
  extremes: [
    { column: "id", of: "largest" },
    { column: "at", of: "newest" },
  ],
});
const blocks = (change: Partial<TableFacts>, major: number): readonly (readonly [number, number | undefined])[] =>
  cutTable(work(change), major).map(({ from, to }) => [from, to]);

test("pieces meet, begin at the first block and have no end", () => {
  expect(blocks({}, 15)).toEqual([
    [0, 334],
    [334, 668],
    [668, undefined],
  ]);
});

test.each([
  ["an empty table is one piece", { blocks: 0, tableBytes: 0 }, 15],
  ["128 MiB is one piece", { tableBytes: 134_217_728 }, 15],
  ["before version 14 a range of blocks would be a full scan each", {}, 13],
])("%s", (_, change, major) => {
  expect(blocks(change, major)).toEqual([[0, undefined]]);
});

test("a byte more than 128 MiB is two pieces", () => {
  expect(blocks({ tableBytes: 134_217_729 }, 14)).toEqual([
    [0, 500],
    [500, undefined],
  ]);
});

test("what pieces give adds up, beyond what a number holds", () => {
  const sum = new TableSum(work());
  sum.add([{ part: "0", rows: "2", hash: "9223372036854775807", x0: "7", x1: null }]);
  sum.add([
    { part: "0", rows: "1", hash: "9223372036854775807", x0: "9", x1: "1000" },
    { part: "1", rows: "1", hash: "-1", x0: "8", x1: "900" },
  ]);
  const { rows, hash, parts } = sum.manifest();
  expect([rows, hash, parts.each]).toEqual([
    4,
    "18446744073709551613",
    [
      { rows: 3, hash: "18446744073709551614" },
      { rows: 1, hash: "-1" },
    ],
  ]);
  expect(sum.extreme("id", "largest")).toBe(9n);
  expect(newestOf({ table: "orders", column: "at" }, [sum])).toEqual({ table: "orders", column: "at", newest: 1_000 });
  expect(newestOf({ table: "other.orders", column: "at" }, [sum])).toEqual({ table: "other.orders", column: "at", newest: undefined });
});

test("a part that nobody asked for is an error", () => {
  expect(() => new TableSum(work()).add([{ part: "2", rows: "1", hash: "1" }])).toThrow("the server named a part that was not asked for");
});
