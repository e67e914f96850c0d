import { type DatabaseManifest, epochMs, hashSum, type SequenceManifest, type TableManifest } from "@nightshift/model";
import { describe, expect, test } from "vitest";
import { compareManifests } from "./compare.ts";
import { manifest, ordersTable } from "./manifest.fixture.ts";

/** What differs when the copy is not as its source. */
const said = (change: Partial<DatabaseManifest>, source: DatabaseManifest = manifest): readonly (readonly [string, string, string])[] =>
  compareManifests(source, { ...source, ...change }).map(({ check, kind, sentence }) => [check, kind, sentence]);

const table = (change: Partial<TableManifest>): Partial<DatabaseManifest> => ({ tables: [{ ...ordersTable, ...change }] });
const ranged = (each: readonly (readonly [rows: number, hash: string])[], rows: number): Partial<DatabaseManifest> =>
  table({
    rows,
    hash: hashSum(String(each.reduce((sum, [, hash]) => sum + BigInt(hash), 0n))),
    parts: {
      by: "range",
      column: "id",
      type: "bigint",
      speakable: true,
      bounds: ["2001", "4001"],
      each: each.map(([count, hash]) => ({ rows: count, hash: hashSum(hash) })),
    },
  });

test("a copy that is equal has no difference", () => {
  expect(compareManifests(manifest, structuredClone(manifest))).toEqual([]);
});

describe("each check finds what it is for", () => {
  const cases: readonly (readonly [what: string, change: Partial<DatabaseManifest>, expected: readonly (readonly [string, string, string])[]])[] = [
    ["encoding", { server: { ...manifest.server, encoding: "LATIN1" } }, [["encoding", "other", "the copy's encoding is LATIN1, the source's UTF8"]]],
    ["collation", { server: { ...manifest.server, collate: "C" } }, [["locale", "other", "the copy's collation is C, the source's en_US.utf8"]]],
    ["a table is gone", { tables: [] }, [["tables", "missing", "table shop.orders (5,000 rows) is missing"]]],
    ["columns", table({ columns: [{ name: "id", type: "integer" }] }), [["columns", "other", "table shop.orders has other columns than the source"]]],
    ["key", table({ key: [] }), [["columns", "other", "table shop.orders has other primary key than the source"]]],
    [
      "a row is gone",
      ranged(
        [
          [2000, "100"],
          [1999, "-51"],
          [1000, "7"],
        ],
        4_999,
      ),
      [
        ["rows", "missing rows", "table shop.orders has 4,999 rows, the source had 5,000 rows"],
        ["hashes", "missing rows", "table shop.orders, id from 2001 to below 4001: missing rows"],
      ],
    ],
    [
      "a row is other",
      ranged(
        [
          [2000, "101"],
          [2000, "-50"],
          [1000, "7"],
        ],
        5_000,
      ),
      [["hashes", "changed rows", "table shop.orders, id below 2001: changed rows"]],
    ],
    [
      "the newest are other",
      ranged(
        [
          [2000, "100"],
          [2000, "-50"],
          [1000, "8"],
        ],
        5_000,
      ),
      [["hashes", "changed rows", "table shop.orders, id from 4001 on: changed rows"]],
    ],
    [
      "two changes that cancel each other out in the sum",
      ranged(
        [
          [2000, "101"],
          [2000, "-51"],
          [1000, "7"],
        ],
        5_000,
      ),
      [["hashes", "changed rows", "table shop.orders, id below 4001: changed rows"]],
    ],
    ["an extension is gone", { extensions: [] }, [["extensions", "missing", "extension hstore is missing"]]],
    ["an extension is older", { extensions: [{ name: "hstore", version: "1.7" }] }, [["extensions", "older", "extension hstore is 1.7, the source's 1.8"]]],
    ["an extension is newer", { extensions: [{ name: "hstore", version: "1.10" }] }, []],
    [
      "large objects are gone",
      { largeObjects: { count: 0, hash: hashSum("0") } },
      [["large objects", "missing", "there are 0 large objects, the source had 2"]],
    ],
    [
      "a large object is other",
      { largeObjects: { count: 2, hash: hashSum("6") } },
      [["large objects", "other", "large objects hold something else than in the source"]],
    ],
    ["an index is broken", { validity: { ...manifest.validity, invalidIndexes: ["shop.i"] } }, [["validity", "not valid", "index shop.i is not valid"]]],
    ["a view is empty", { validity: { ...manifest.validity, unpopulated: ["shop.v"] } }, [["validity", "not valid", "materialized view shop.v is empty"]]],
    [
      "the newest moment",
      { freshness: [{ table: "shop.orders", column: "at", newest: epochMs(1) }] },
      [["freshness", "older", "the newest at of shop.orders is not the source's"]],
    ],
    ["a setting is lost", { settings: [] }, [["settings", "missing", "the database's setting search_path is missing or other"]]],
    [
      "an index is not defined",
      { schema: { sha256: "b", objects: [{ object: "TABLE shop.orders", digest: "1" }] } },
      [["schema", "missing", "INDEX shop.i is missing"]],
    ],
    [
      "another major",
      { server: { ...manifest.server, major: 17 } },
      [["schema", "not comparable", "definitions of PostgreSQL 15 cannot be held against those of 17"]],
    ],
  ];
  test.each(cases)("%s", (_, change, expected) => {
    expect(said(change)).toEqual(expected);
  });
});

test("a check that is left out finds nothing", () => {
  const copy = { ...manifest, largeObjects: { count: 0, hash: hashSum("0") } };
  expect(compareManifests(manifest, copy, { without: ["large objects"] })).toEqual([]);
});

test("keys that are texts are not told", () => {
  const parts = { ...ordersTable.parts, speakable: false };
  const source = { ...manifest, tables: [{ ...ordersTable, parts }] };
  const each = parts.each.map((part, n) => (n === 1 ? { ...part, hash: hashSum("9") } : part));
  expect(said({ tables: [{ ...ordersTable, hash: hashSum("1"), parts: { ...parts, each } }] }, source)).toEqual([
    ["hashes", "changed rows", "table shop.orders, part 2 of 3 in the order of id: changed rows"],
  ]);
});

describe("sequences", () => {
  const sequence = (change: Partial<SequenceManifest>): SequenceManifest => ({
    sequence: "shop.orders_id_seq",
    last: "5000",
    called: true,
    increment: "1",
    cycles: false,
    owner: { table: "shop.orders", column: "id", furthest: "4990" },
    ...change,
  });
  const held = (source: Partial<SequenceManifest>, copy: Partial<SequenceManifest>): readonly string[] =>
    compareManifests({ ...manifest, sequences: [sequence(source)] }, { ...manifest, sequences: [sequence({ ...source, ...copy })] }).map(({ kind }) => kind);

  test.each([
    ["stands where it stood", {}, {}, []],
    ["went on during the dump", { lastAfter: { last: "5100", called: true } }, { last: "5050" }, []],
    ["stands one before where it stood", {}, { last: "4999" }, ["behind"]],
    ["is as new", {}, { last: "1", called: false }, ["behind"]],
    ["was set back by somebody, who is told of", { last: "5000", lastAfter: { last: "9", called: true } }, { last: "5" }, []],
    ["was set back, though not behind its column", { lastAfter: { last: "4995", called: true } }, { last: "4989" }, ["behind"]],
    [
      "would give out what is taken next",
      { last: "4990", called: false, owner: { table: "t", column: "c", furthest: undefined } },
      { last: "4989" },
      ["behind"],
    ],
    ["counts down and stands further", { increment: "-1", last: "-9", owner: { table: "t", column: "c", furthest: "-9" } }, { last: "-10" }, []],
    ["counts down and stands before", { increment: "-1", last: "-9", owner: { table: "t", column: "c", furthest: "-9" } }, { last: "-8" }, ["behind"]],
    ["goes round", { cycles: true }, { last: "3" }, []],
    ["is beyond what a number holds", { last: "9007199254740993" }, { last: "9007199254740992" }, ["behind"]],
  ])("one that %s", (_, source, copy, expected) => {
    expect(held(source, copy)).toEqual(expected);
  });

  test("one that is gone", () => {
    expect(said({ sequences: [] }, { ...manifest, sequences: [sequence({})] })).toEqual([["sequences", "missing", "sequence shop.orders_id_seq is missing"]]);
  });
});
