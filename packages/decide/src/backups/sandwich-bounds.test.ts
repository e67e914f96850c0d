import { type DatabaseManifest, epochMs, type SequenceManifest } from "@nightshift/model";
import { expect, test } from "vitest";
import { manifest, sequence, table } from "./sandwich.fixture.ts";
import { judgeSandwich } from "./sandwich.ts";

/** A table that changed all over, and one that stood still beside it. */
const changing = (rows: number, hash: string, over: Partial<DatabaseManifest> = {}): DatabaseManifest =>
  manifest([table("public.orders", [`${rows}:${hash}`]), table("public.still", ["100000:1"])], over);
const differences = (rows: { before: number; after: number; copy: number }): readonly string[] =>
  judgeSandwich({ before: changing(rows.before, "1"), after: changing(rows.after, "2"), copy: changing(rows.copy, "3") }).differences;

test("a table that changed all over and is empty in the copy is a difference, however few its rows were", () => {
  expect(differences({ before: 2_001, after: 2_001, copy: 0 })).toEqual(["public.orders: it is empty in the copy, and had 2001 rows before and 2001 after"]);
  expect(differences({ before: 3, after: 2, copy: 0 })).toHaveLength(1);
  expect([differences({ before: 0, after: 40, copy: 0 }), differences({ before: 40, after: 0, copy: 0 })]).toEqual([[], []]);
});

test("rows that nobody counted come and go within half and twice their number", () => {
  const wrong = (copy: number): number => differences({ before: 1_000, after: 1_200, copy }).length;
  expect([499, 500, 2_500, 2_501].map(wrong)).toEqual([1, 0, 0, 1]);
  expect(differences({ before: 1_000, after: 1_200, copy: 499 })).toEqual([
    "public.orders: 499 rows in the copy, 1000 before and 1200 after: expected from 500 to 2500",
  ]);
  // Of so few, half is an ordinary day.
  expect([differences({ before: 19, after: 19, copy: 1 }).length, differences({ before: 20, after: 20, copy: 9 }).length]).toEqual([0, 1]);
});

const fed = (last: string, furthest: string, over: Partial<SequenceManifest> = {}): Partial<DatabaseManifest> => ({
  sequences: [{ ...sequence(last), owner: { table: "public.orders", column: "id", furthest }, ...over }],
});

test("where a sequence feeds the key, no more rows came than it counted, and no more went than the rest tells", () => {
  const wrong = (copy: number): number =>
    judgeSandwich({
      before: changing(10_000, "1", fed("10000", "10000")),
      after: changing(10_050, "2", fed("10059", "10059")),
      copy: changing(copy, "3", fed("10020", "10020")),
    }).differences.length;
  // At most 60 came, so at least 9,990 stood all the while; 100 more or fewer were under way.
  expect([9_889, 9_890, 10_160, 10_161].map(wrong)).toEqual([1, 0, 0, 1]);
});

test("a table of jobs of which every row is another by now may have been empty", () => {
  const jobs = (rows: number, hash: string, last: string, furthest: string) => changing(rows, hash, fed(last, furthest));
  expect(judgeSandwich({ before: jobs(3, "1", "500", "500"), after: jobs(2, "2", "900", "900"), copy: jobs(0, "0", "700", "") }).differences).toEqual([]);
  expect(judgeSandwich({ before: jobs(3, "1", "500", "500"), after: jobs(2, "2", "500", "500"), copy: jobs(0, "0", "500", "") }).differences).toEqual([
    "public.orders: it is empty in the copy, and had 3 rows before and 2 after",
  ]);
});

test("the largest key lies between the two readings'", () => {
  const seen = (rows: number, furthest: string): readonly string[] =>
    judgeSandwich({
      before: changing(10_000, "1", fed("10000", "10000")),
      after: changing(10_050, "2", fed("10050", "10050")),
      copy: changing(rows, "3", fed("10030", furthest)),
    }).differences;
  expect([seen(10_030, "10000"), seen(10_030, "10050")]).toEqual([[], []]);
  expect(seen(10_030, "10051")).toEqual(["public.orders: its largest key in the copy was never given before the second reading"]);
  expect(seen(9_990, "9990")).toEqual(["public.orders: its newest rows are missing: the largest key in the copy is older than that of before"]);
});

test("a sequence that was set back in between counts nothing", () => {
  const { differences: seen } = judgeSandwich({
    before: changing(1_000, "1", fed("1000", "1000")),
    after: changing(1_000, "2", fed("10", "10")),
    copy: changing(600, "3", fed("5", "5")),
  });
  expect(seen).toEqual([]);
});

test("one part that was emptied is told where the table as a whole does not show it", () => {
  const parts = (hash: string, last: number) => manifest([table("public.orders", [`900:${hash}`, `900:${hash}`, `${last}:${hash}`])]);
  expect(judgeSandwich({ before: parts("1", 200), after: parts("2", 200), copy: parts("3", 90) }).differences).toEqual([
    "public.orders, part 3 of 3: 90 rows in the copy, 200 before and 200 after",
  ]);
  expect(judgeSandwich({ before: parts("1", 200), after: parts("2", 200), copy: parts("3", 100) }).differences).toEqual([]);
});

test("the newest row of a column that the config names lies between the two readings'", () => {
  const at = (newest: number | undefined) => ({
    freshness: [{ table: "public.orders", column: "at", newest: newest === undefined ? undefined : epochMs(newest) }],
  });
  const wrong = (copy: number | undefined): number =>
    judgeSandwich({ before: changing(50, "1", at(1_000)), after: changing(50, "2", at(2_000)), copy: changing(50, "3", at(copy)) }).differences.length;
  expect([999, 1_000, 2_000, 2_001, undefined].map(wrong)).toEqual([1, 0, 0, 1, 1]);
});

test("what was divided in another way each time is bounded as a whole", () => {
  const before = manifest([table("public.orders", ["500:1", "500:2"]), table("public.still", ["100000:1"])]);
  const after = manifest([table("public.orders", ["1000:3"]), table("public.still", ["100000:1"])]);
  const copy = manifest([table("public.orders", ["0:0"]), table("public.still", ["100000:1"])]);
  expect(judgeSandwich({ before, after, copy }).differences).toEqual(["public.orders: it is empty in the copy, and had 1000 rows before and 1000 after"]);
});
