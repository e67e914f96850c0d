import { hashSum } from "@nightshift/model";
import { expect, test } from "vitest";
import { manifest, sequence, table } from "./sandwich.fixture.ts";
import { judgeSandwich } from "./sandwich.ts";

test("a copy is proven wherever nothing changed around it", () => {
  const before = manifest([table("public.orders", ["1000:1", "900:2", "100:3"])]);
  const after = manifest([table("public.orders", ["1000:1", "900:2", "150:4"])]);
  const copy = manifest([table("public.orders", ["1000:1", "900:2", "120:5"])]);
  expect(judgeSandwich({ before, after, copy })).toEqual({
    differences: [],
    provenRows: 1_900,
    rows: 2_050,
    coverage: (100 * 1_900) / 2_050,
    tables: { proven: 1, all: 1 },
    short: undefined,
    undecided: [{ what: "public.orders: rows changed in between", rows: 150 }],
  });
});

test("a part that stood still and is another in the copy is named by its keys: a lost row, and a changed one", () => {
  const still = manifest([table("public.orders", ["1000:1", "900:2", "100:3"])]);
  const copy = manifest([table("public.orders", ["1000:1", "899:7", "100:9"])]);
  expect(judgeSandwich({ before: still, after: still, copy }).differences).toEqual([
    "public.orders, id from 1000 below 2000: 899 rows in the copy, 900 before and after",
    "public.orders, id from 2000: rows differ though nothing changed in between (100 of them, as many as expected)",
  ]);
});

test("keys that may not be told are not", () => {
  const secret = (parts: readonly string[]) =>
    table("public.users", parts, {
      parts: {
        by: "range",
        column: "email",
        type: "text",
        speakable: false,
        bounds: ["m@example.com"],
        each: parts.map((part) => ({ rows: 5, hash: hashSum(part) })),
      },
    });
  const still = manifest([secret(["1", "2"])]);
  const [said] = judgeSandwich({ before: still, after: still, copy: manifest([secret(["1", "3"])]) }).differences;
  expect(said).toBe("public.users, part 2 of 2: rows differ though nothing changed in between (5 of them, as many as expected)");
});

test("a table that is missing in the copy is a difference; one that was made or dropped in between is not", () => {
  const kept = table("public.kept", ["10:1"]);
  const dropped = table("public.dropped", ["20:1"]);
  const made = table("public.made", ["30:1"]);
  const verdict = judgeSandwich({ before: manifest([kept, dropped]), after: manifest([kept, made]), copy: manifest([dropped, made]) });
  expect(verdict.differences).toEqual(["public.kept: it was there before and after, and is missing in the copy"]);
  expect(verdict.undecided).toEqual([
    { what: "public.made: it was made in between", rows: 30 },
    { what: "public.dropped: it was dropped in between", rows: 20 },
  ]);
});

test("columns that changed in between prove nothing; columns that only the copy has otherwise are a difference", () => {
  const wider = {
    columns: [
      { name: "id", type: "bigint" },
      { name: "note", type: "text" },
    ],
  };
  const narrow = manifest([table("public.orders", ["10:1"])]);
  const wide = manifest([table("public.orders", ["10:1"], wider)]);
  expect(judgeSandwich({ before: narrow, after: wide, copy: narrow })).toMatchObject({ differences: [], provenRows: 0 });
  expect(judgeSandwich({ before: narrow, after: narrow, copy: wide }).differences).toEqual([
    "public.orders: its columns or key are not those it had before and after",
  ]);
});

test("definitions, extensions and large objects that stood still must be the same in the copy", () => {
  const still = manifest([], { extensions: [{ name: "citext", version: "1.6" }] });
  const copy = manifest([], { extensions: [], largeObjects: { count: 1, hash: hashSum("0") }, schema: { sha256: "t", objects: [] } });
  expect(judgeSandwich({ before: still, after: still, copy }).differences).toEqual([
    "TABLE public.orders: missing, and there before and after",
    "extensions: not as before and after",
    "large objects: not as before and after",
  ]);
  const changed = manifest([], { extensions: [{ name: "citext", version: "1.7" }] });
  expect(judgeSandwich({ before: still, after: changed, copy: manifest([]) }).differences).toEqual([]);
});

test("a sequence stands between where it stood before and after, and up to 32 numbers ahead of that", () => {
  const at = (last: string, lastAfter?: string) => manifest([], { sequences: [sequence(last, lastAfter)] });
  const differences = (copy: string): number => judgeSandwich({ before: at("100"), after: at("150", "160"), copy: at(copy) }).differences.length;
  expect([99, 100, 160, 192, 193].map((last) => differences(String(last)))).toEqual([1, 0, 0, 0, 1]);
  // Set back in between: nothing is known.
  expect(judgeSandwich({ before: at("100"), after: at("50"), copy: at("7") }).differences).toEqual([]);
});

test("a database without rows is covered whole", () => {
  expect(judgeSandwich({ before: manifest([]), after: manifest([]), copy: manifest([]) })).toEqual({
    differences: [],
    provenRows: 0,
    rows: 0,
    coverage: 100,
    tables: { proven: 0, all: 0 },
    short: undefined,
    undecided: [],
  });
});

test("a copy of which more is open than was shown is not called proven, by rows and by tables, and says how much was", () => {
  const seen = (still: number, changed: number) => {
    const [before, after] = ["1", "2"].map((hash) => manifest([table("public.orders", [`${still}:9`, `${changed}:${hash}`])]));
    return judgeSandwich({ before: before ?? manifest([]), after: after ?? manifest([]), copy: after ?? manifest([]) }).short;
  };
  expect(seen(500, 500)).toBeUndefined();
  expect(seen(499, 501)).toBe(
    "too little could be compared to call it proven: 49.90 % of the rows and 1 of 1 tables stood still and are equal, and at least 50 % of both are needed; the rest changed between the two readings",
  );
  const moved = (names: readonly string[], hash: string) => [table("public.log", ["9000:1"]), ...names.map((name) => table(name, [`10:${hash}`]))];
  const ofTables = (...names: readonly string[]) =>
    judgeSandwich({ before: manifest(moved(names, "1")), after: manifest(moved(names, "2")), copy: manifest(moved(names, "3")) }).short;
  expect(ofTables("public.a")).toBeUndefined();
  expect(ofTables("public.a", "public.b")).toContain("and 1 of 3 tables stood still");
});
