import { rm } from "node:fs/promises";
import path from "node:path";
import { minutes } from "@nightshift/model";
import type pg from "pg";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { compareCopy, restoreDump, type Taken, takeDump } from "../support/night.ts";
import { createShop } from "../support/shop.ts";
import { startWriter, type Writer } from "../support/writer.ts";

/** What is raced against the moment in which the snapshot is taken. */
const races = ["nothing", "truncate", "ddl", "sequence reset"] as const;
type Race = (typeof races)[number];

/** How rounds are played. */
export interface RoundsAsked {
  readonly rounds: number;
  readonly megabytes: number;
  /** A round during which fewer transactions a second were committed does not count. */
  readonly leastTps: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

/** What came of them. */
export interface RoundsPlayed {
  readonly counted: number;
  /** Rounds in which the machine was too busy for the writer: played, compared, and not counted. */
  readonly tooSlow: number;
  readonly byRace: Readonly<Record<Race, number>>;
  readonly medianTps: number;
  /** Every difference that was found: each one is a false alarm. */
  readonly falseAlarms: readonly string[];
  /** What the writer met, by SQLSTATE. */
  readonly writerFailed: Readonly<Record<string, number>>;
}

/** A writer makes a database grow; after so many rounds a new one of the asked size takes its place. */
const roundsOfADatabase = 50;
/** What a database has without any of ours: `pg_database_size` of an empty one, PostgreSQL 15.18, 2026-11-22. */
const emptyMegabytes = 7.5;

/**
 * Dump and manifest of one snapshot, of a database that is being written to, restored and compared, again and again; in three rounds of
 * four a TRUNCATE, a DDL or a sequence reset is fired right before the locks are taken or right after.
 */
export async function playRounds(asked: RoundsAsked): Promise<RoundsPlayed> {
  // A server that is thrown away need keep no log of what a restore writes, nor tidy up behind it.
  const cluster = await startCluster({ inMemory: true, settings: { wal_level: "minimal", max_wal_senders: "0", autovacuum: "off" } });
  const tally: Tally = { byRace: { nothing: 0, truncate: 0, ddl: 0, "sequence reset": 0 }, rates: [], falseAlarms: [], tooSlow: 0, failed: {} };
  try {
    for (let first = 0; tally.rates.length < asked.rounds && first < asked.rounds * 2; first += roundsOfADatabase)
      await playSome(cluster, asked, { tally, first });
    const { rates, byRace, tooSlow, falseAlarms, failed } = tally;
    return { counted: rates.length, tooSlow, byRace, medianTps: rates.toSorted((a, b) => a - b)[rates.length >> 1] ?? 0, falseAlarms, writerFailed: failed };
  } finally {
    await cluster.stop();
  }
}

interface Tally {
  readonly byRace: Record<Race, number>;
  readonly rates: number[];
  readonly falseAlarms: string[];
  tooSlow: number;
  readonly failed: Record<string, number>;
}

/** Rounds of one database and one writer. */
async function playSome(cluster: Cluster, asked: RoundsAsked, { tally, first }: { readonly tally: Tally; readonly first: number }): Promise<void> {
  const database = `written_${first}`;
  const ours = asked.megabytes - emptyMegabytes;
  // A quarter of it small rows of every kind, the rest long text, as in a database that people write letters in.
  await createShop(cluster, database, ours / 4, (ours * 3) / 4);
  await cluster.query(database, raceTables);
  const writer = await startWriter({ url: cluster.url(database), tps: Math.ceil(asked.leastTps * 1.25), seed: asked.seed + first });
  const racer = await cluster.connect(database);
  await playAll(asked, { cluster, database, writer, racer }, { tally, first });
  for (const [state, count] of Object.entries((await writer.stop()).failed)) tally.failed[state] = (tally.failed[state] ?? 0) + count;
  await racer.end();
  await cluster.drop(database);
}

interface Stage {
  readonly cluster: Cluster;
  readonly database: string;
  readonly writer: Writer;
  readonly racer: pg.Client;
}

async function playAll(asked: RoundsAsked, stage: Stage, { tally, first }: { readonly tally: Tally; readonly first: number }): Promise<void> {
  // The restore of one round goes on while the next one is dumped: two cores, two rounds.
  let checking: Promise<void> = Promise.resolve();
  for (let n = first; tally.rates.length < asked.rounds && n < first + roundsOfADatabase; n += 1) {
    const race = races[n % races.length] ?? "nothing";
    const { taken, tps } = await takeRaced(stage, { n, race });
    const counts = tps >= asked.leastTps;
    if (counts) {
      tally.rates.push(tps);
      tally.byRace[race] += 1;
    } else tally.tooSlow += 1;
    await checking;
    checking = check(stage.cluster, taken, n).then((differences) => {
      tally.falseAlarms.push(...differences.map((difference) => `round ${n} (${race}): ${difference}`));
      asked.say?.(`round ${n} (${race}): ${Math.round(tps)} transactions a second${counts ? "" : ", too few to count"}; ${differences.length} differences`);
    });
  }
  await checking;
}

async function takeRaced(
  { cluster, database, writer, racer }: Stage,
  { n, race }: { readonly n: number; readonly race: Race },
): Promise<{ readonly taken: Taken; readonly tps: number }> {
  await racer.query(refill(n));
  // Every second race of a kind begins before the locks are taken, so that both orders are met.
  const early = n % 8 < 4;
  let raced: Promise<unknown> = Promise.resolve();
  const fire = (): void => {
    raced = race === "nothing" ? Promise.resolve() : inTurn(racer, raceSql(race, n));
  };
  const [from, began] = [writer.committed(), performance.now()];
  if (early) fire();
  const taken = await takeDump(cluster, database, path.join(cluster.folder, `round-${n % 2}.dump`), {
    fresh: [{ table: "shop.orders", column: "placed_at", within: minutes(5) }],
    ...(early ? {} : { held: fire }),
  });
  const tps = (writer.committed() - from) / ((performance.now() - began) / 1_000);
  await raced;
  return { taken, tps };
}

/** One after the other; a statement that may not wait any longer gives up, as a careful migration does: else it and pg_dump would wait for each other until one of them gives way. */
async function inTurn(racer: pg.Client, statements: readonly string[]): Promise<void> {
  for (const statement of ["set lock_timeout = '300ms'", ...statements]) {
    await racer.query(statement).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "55P03")) throw error;
    });
  }
}

async function check(cluster: Cluster, { file, manifest }: Taken, n: number): Promise<readonly string[]> {
  const copy = `copy_${n}`;
  // Both ways of the product: from the stream, and by two workers.
  const { code, err } = await restoreDump(cluster, file, copy, n % 16 < 8 ? 1 : 2);
  const differences = await compareCopy(cluster, { database: copy, like: manifest });
  await cluster.drop(copy);
  await rm(file);
  return [...(code === 0 ? [] : [`pg_restore: ${err.split("\n")[0] ?? ""}`]), ...differences.map(({ sentence }) => sentence)];
}

const raceTables = `create schema race; create sequence race.free;
  create table race.emptied (id bigserial primary key, word text not null); create table race.altered (id integer primary key); create table race.counted (id bigserial primary key)`;

const refill = (n: number): string => `insert into race.emptied (word) select 'word ' || i from generate_series(1, 500) i;
  insert into race.altered values (${n}); insert into race.counted default values; select nextval('race.free') from generate_series(1, 20)`;

function raceSql(race: Exclude<Race, "nothing">, n: number): readonly string[] {
  switch (race) {
    case "truncate":
      return ["truncate race.emptied"];
    case "ddl":
      return [
        `create table race.made_${n} as select generate_series(1, 50) as n`,
        `alter table race.altered add column c${n} integer default ${n}`,
        `create index on race.altered ((id + ${n}))`,
      ];
    case "sequence reset":
      return ["select setval('race.free', 1, false)", "select setval('race.counted_id_seq', 1000000 + (select max(id) from race.counted))"];
  }
}
