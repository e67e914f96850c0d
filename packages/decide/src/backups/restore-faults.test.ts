import { describe, expect, test } from "vitest";
import { manifest } from "./manifest.fixture.ts";
import { explainRestore, findSourceFaults } from "./restore-faults.ts";

const query = (message: string): string =>
  `pg_restore: error: could not execute query: ERROR:  ${message}\nDETAIL:  Key (email)=(a@example.org) is duplicated.\nCommand was: …\n`;

describe("what pg_restore says means", () => {
  test.each([
    [
      'insert or update on table "orders" violates foreign key constraint "orders_fk"',
      "source",
      "the source itself is broken: rows of orders break the foreign key orders_fk",
    ],
    ['could not create unique index "users_email"', "source", "the source itself is broken: there are duplicates under the unique index users_email"],
    [
      "function normalize_sku(text) does not exist",
      "source",
      "the source itself is broken: an index, a view or a check uses normalize_sku without its schema: it works only with a search_path, which no restore has",
    ],
    ['new row for relation "stock" violates check constraint "positive"', "source", "the source itself is broken: rows of stock break the check positive"],
    ['extension "postgis" is not available', "target", "the server restored into lacks the extension postgis: use an image that has it"],
    ['role "shop_owner" does not exist', "target", "the server restored into lacks the role shop_owner"],
    [
      'could not extend file "base/1/2": No space left on device',
      "target",
      "the disk of the server restored into is full: give it a larger one (a night's task gets one by the newest known size; --scratch names another directory)",
    ],
    ['invalid byte sequence for encoding "UTF8": 0xff', "archive", "the archive is damaged: it is not what pg_dump wrote"],
    ["the moon is full", "unknown", "pg_restore failed: the moon is full"],
  ])("%s", (message, of, sentence) => {
    expect(explainRestore(query(message))).toEqual([{ of, sentence }]);
  });

  test("a fault that is met twice is told once, and no value of a row is told", () => {
    const twice = query('could not create unique index "users_email"').repeat(2);
    expect(explainRestore(twice)).toHaveLength(1);
    expect(JSON.stringify(explainRestore(twice))).not.toContain("example.org");
  });

  test("nothing was complained of", () => {
    expect(explainRestore("")).toEqual([]);
  });
});

test("a sound source has no faults", () => {
  expect(findSourceFaults(manifest)).toEqual([]);
});

test("what is wrong at the source is told of the source", () => {
  expect(
    findSourceFaults({
      ...manifest,
      server: { ...manifest.server, dataChecksums: false },
      validity: { invalidIndexes: ["shop.i"], notValidated: ["k on shop.orders"], unpopulated: ["shop.v"] },
      sequences: [{ sequence: "shop.s", last: "5", called: true, increment: "1", cycles: false, owner: { table: "shop.orders", column: "id", furthest: "6" } }],
      leftOut: [{ table: "shop.sessions", because: "it is unlogged" }],
    }),
  ).toEqual([
    "the server keeps no data checksums: damage on its disk can go into a backup unseen",
    "index shop.i is not valid; a dump leaves it out",
    "constraint k on shop.orders was never validated: older rows may break it",
    "materialized view shop.v is empty",
    "sequence shop.s would give out values that shop.orders.id holds already",
    "rows of shop.sessions are in no backup: it is unlogged",
  ]);
});

test("a sequence that would give out the next free value is sound", () => {
  const sequence = { sequence: "shop.s", last: "5", called: true, increment: "1", cycles: false, owner: { table: "shop.orders", column: "id", furthest: "5" } };
  expect(findSourceFaults({ ...manifest, sequences: [sequence] })).toEqual([]);
});
