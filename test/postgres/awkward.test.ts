import { readFile } from "node:fs/promises";
import path from "node:path";
import { backupId, type DatabaseManifest } from "@nightshift/model";
import { describeDatabase } from "@nightshift/vault/postgres/describe-database";
import { withSession } from "@nightshift/vault/postgres/session";
import { readAddress } from "@nightshift/vault/runner/address";
import { runNight } from "@nightshift/vault/runner/night";
import { restoreBackup } from "@nightshift/vault/runner/restore";
import { asRun } from "@nightshift/vault/runner/run";
import { readCommitted } from "@nightshift/vault/runner/shelf-reading";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionsOn } from "./support/address.ts";
import { type Cluster, startCluster } from "./support/cluster.ts";
import { makePlace, type Place } from "./support/refused.ts";
import { nightOf } from "./support/runner.ts";

let cluster: Cluster;
let place: Place;
beforeAll(async () => {
  place = await makePlace();
  cluster = await startCluster();
});
afterAll(async () => {
  await cluster?.stop();
  await place?.remove();
});

/** A night of a database whose name no store would take as its own; the database's contents as they were written down. */
async function nightCalled(name: string, database: string) {
  const w = place.world();
  const asked = { ...nightOf(cluster, database, "0200"), of: name, id: backupId(`${name}-260314-0200-nightly`) };
  const end = await asRun(w, { of: name, run: asked.run, backup: asked.id }, (report) => runNight(w, asked, report));
  const contents = (await readCommitted(w.store, name, asked.id))?.contents;
  if (contents === undefined) throw new Error(`nothing was committed: ${end.because ?? ""}`);
  return { w, asked, end, contents };
}
const rowsOf = ({ tables }: DatabaseManifest): Readonly<Record<string, number>> => Object.fromEntries(tables.map(({ table, rows }) => [table, rows]));
const made = (database: string, like: string) => cluster.query("postgres", `create database ${database} template template0 ${like}`);

test("names, shapes and sizes that quoting and cutting go wrong with are proven, and restored beside under a name as odd", async () => {
  const odd = `Shöp "A.b" c='d' %41\\`;
  const quoted = `"${odd.replaceAll('"', '""')}"`;
  await made(quoted, "encoding UTF8 locale_provider icu icu_locale 'de-DE' locale 'C.UTF-8'");
  const definitions = await readFile(path.join(import.meta.dirname, "support", "awkward.sql"), "utf8");
  await withSession(sessionsOn(cluster, odd), (session) => session.query(definitions));
  await cluster.query("postgres", `alter database ${quoted} set "nightshift.odd" = 'a, "b" \\ ''c'''`);
  const { w, asked, end, contents } = await nightCalled("odd", odd);
  expect(end).toMatchObject({ state: "verified", differences: [], verifierFails: true });
  expect(contents.server).toMatchObject({ localeProvider: "icu de-DE", encoding: "UTF8", database: odd });
  const schema = '"Über.Schema ""x"""';
  expect(rowsOf(contents)).toEqual({
    [`${schema}."Tab.elle 'ä' ""q"""`]: 9000,
    [`${schema}."WITH"`]: 5000,
    [`${schema}.child`]: 2,
    [`${schema}."deep 1 x 0"`]: expect.any(Number),
    [`${schema}."deep 1 x 1"`]: expect.any(Number),
    [`${schema}.deep_1_rest`]: 333,
    [`${schema}.deep_detached`]: 1,
    [`${schema}.deep_none`]: 0,
    [`${schema}.father`]: 0,
    [`${schema}.forced`]: 2,
    [`${schema}.mother`]: 1,
    [`${schema}.only_dropped`]: 5,
    [`${schema}.wide`]: 4,
  });
  expect(contents.leftOut).toEqual([{ table: `${schema}.elsewhere`, because: "a foreign table's rows are elsewhere" }]);
  expect(contents.largeObjects.count).toBe(4);

  // A table of more than 128 MiB is read in pieces; here one of more than 16 KiB, by three sessions at once.
  let pieces = 0;
  const reading = { connect: sessionsOn(cluster, odd), like: contents, schema: async () => "" };
  const inPieces = await describeDatabase({
    ...reading,
    jobs: 3,
    pieceBytes: 16_384,
    onProgress: () => {
      pieces += 1;
    },
  });
  expect(inPieces.tables).toEqual(contents.tables);
  expect(pieces).toBeGreaterThan(60);

  const into = { ...readAddress(cluster.url(odd)), database: `host=nowhere ${odd}` };
  const restored = await asRun(w, { of: "odd", run: "restore", backup: asked.id }, (report) =>
    restoreBackup(w, { of: "odd", id: asked.id, run: "restore", into, withoutExtensions: [] }, report),
  );
  expect(restored).toMatchObject({ state: "restored", differences: [] });
});

test("other encodings, bytes that are no text in any, and a database of nothing are proven like any other", async () => {
  await made("latin", "encoding LATIN1 locale 'C'");
  await made("bytes", "encoding SQL_ASCII locale 'C'");
  await made("nothing", "encoding UTF8 locale 'C.UTF-8'");
  await cluster.query(
    "latin",
    `create table "Größe" ("ß" text primary key); insert into "Größe" select chr(224 + i % 30) || i from generate_series(1, 5000) i`,
  );
  await cluster.query(
    "bytes",
    `create table t (k text primary key, v text); insert into t select convert_from(set_byte('\\x2020', 1, 128 + i % 120), 'SQL_ASCII') || i, 'x' from generate_series(1, 5000) i`,
  );
  const nights = [];
  for (const name of ["latin", "bytes", "nothing"]) nights.push(await nightCalled(name, name));
  expect(nights.map(({ end }) => [end.state, end.differences, end.rows, end.verifierFails])).toEqual([
    ["verified", [], 5000, true],
    ["verified", [], 5000, true],
    ["verified", [], 0, true],
  ]);
  expect(nights.map(({ contents }) => contents.server.encoding)).toEqual(["LATIN1", "SQL_ASCII", "UTF8"]);
});
