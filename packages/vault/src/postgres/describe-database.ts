import { type DatabaseManifest, type DatabaseSettings, epochMs, type SequenceManifest } from "@nightshift/model";
import { cutTable, type ExtremeColumn, hashPiece, isNamed, newestOf, type Piece, TableSum } from "./hash-table.ts";
import { type HeldSnapshot, lockTables } from "./hold-snapshot.ts";
import { readLargeObjects } from "./large-objects.ts";
import { readDatabaseSettings, readExtensions, readNeededRoles, readValidity } from "./objects.ts";
import { planLike, planParts } from "./parts.ts";
import { literal } from "./quoted.ts";
import { digestSchema } from "./schema-text.ts";
import { listSequences, readSequences, type SequenceFacts, withSecondReading } from "./sequences.ts";
import { logPosition, readServer, serverMajor } from "./server.ts";
import { type Connect, oneRow, type Session, textOf, withSession } from "./session.ts";
import { settleSession } from "./settings.ts";
import { listTables, type TableFacts, type TablesFound } from "./tables.ts";

/** What to describe, and how. */
export interface DescribeAsked {
  readonly connect: Connect;
  /** The snapshot that the dump is of; absent: as it is now, which is right for a restored copy that nobody writes to. */
  readonly held?: HeldSnapshot;
  /** Sessions that hash at once; 1 by default, which costs a source the least. */
  readonly jobs?: number;
  /** Bytes of a table that one session reads at a time; 128 MiB by default. */
  readonly pieceBytes?: number;
  /** Time columns whose newest value is read. */
  readonly fresh?: DatabaseSettings["gates"]["fresh"];
  /** The source's manifest: its parts are taken, so that the two can be held against each other. */
  readonly like?: DatabaseManifest;
  /** Only these tables and what feeds them, to look at one table again; everything else is left as `like` says. */
  readonly only?: readonly string[];
  /** What `pg_dump --schema-only` writes, of the same snapshot. */
  readonly schema: () => Promise<string>;
  readonly onProgress?: (progress: DescribeProgress) => void;
  readonly signal?: AbortSignal;
}
/** How far hashing is, by bytes of the tables. */
export interface DescribeProgress {
  readonly doneBytes: number;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * The manifest of a database: every row of every table is read once. Memory does not grow with the database.
 * @throws {PortError} `denied` when the role may not read a table or a policy would hide rows; nothing is ever left out silently.
 */
export async function describeDatabase(asked: DescribeAsked): Promise<DatabaseManifest> {
  const { connect, held } = asked;
  const major = held?.major ?? (await withSession(connect, serverMajor));
  const begin = async (session: Session): Promise<void> => {
    await settleSession(session, major);
    await session.query("begin isolation level repeatable read read only");
    if (held === undefined) return;
    await session.query(`set transaction snapshot ${literal(held.id)}`);
    // All at once and at the beginning: later, each table's lock could stand behind a migration.
    await lockTables(session, held.tables);
  };
  const lanes: Session[] = held === undefined ? [] : [held.session];
  const own: Session[] = [];
  try {
    // Every session locks before anything is read: what stands in the way is met now, and not at the last table.
    while (lanes.length < Math.max(1, asked.jobs ?? 1)) {
      const lane = await connect();
      own.push(lane);
      await begin(lane);
      lanes.push(lane);
    }
    return await describeIn(lanes, asked, major);
  } finally {
    for (const lane of own) await lane.close();
  }
}

async function describeIn(lanes: readonly Session[], asked: DescribeAsked, major: number): Promise<DatabaseManifest> {
  const [session] = lanes;
  if (session === undefined) throw new Error("there is no session to describe the database in");
  const found = await listTables(session);
  const sequences = await listSequences(session);
  const chosen = asked.only === undefined ? found.tables : found.tables.filter((facts) => asked.only?.some((name) => isNamed(facts, name)));
  const sums: TableSum[] = [];
  for (const facts of chosen) {
    asked.signal?.throwIfAborted();
    const source = asked.like?.tables.find(({ table }) => table === facts.table);
    const plan = source === undefined ? await planParts(session, facts) : planLike(source, facts);
    sums.push(new TableSum({ facts, plan, extremes: extremesOf(facts, sequences, asked.fresh ?? []) }));
  }
  const names = sequences.map(({ sequence }) => sequence);
  const standing = asked.held?.sequences ?? (await readSequences(session, names));
  await hashAll(lanes, { asked, major, sums });
  const rest = await describeRest(session, { asked, major, found });
  return {
    ...rest,
    tables: sums.map((sum) => sum.manifest()),
    sequences: standing.map((reading) => sequenceManifest(reading, sequences, sums)),
    freshness: (asked.fresh ?? []).map(({ table, column }) => newestOf({ table, column }, sums)),
  };
}

/** Reads the sequences again once the dump has ended, so that one that was reset meanwhile is not taken for a fault of the copy. */
export async function readSequencesAgain(connect: Connect, manifest: DatabaseManifest): Promise<DatabaseManifest> {
  const readings = await withSession(connect, async (session) => {
    await settleSession(session, manifest.server.major);
    return readSequences(
      session,
      manifest.sequences.map(({ sequence }) => sequence),
    );
  });
  return { ...manifest, sequences: withSecondReading(manifest.sequences, readings) };
}

interface Hashing {
  readonly asked: DescribeAsked;
  readonly major: number;
  readonly sums: readonly TableSum[];
}

/** Several sessions take pieces from one list, the largest table's first, until none is left or one of them fails. */
async function hashAll(lanes: readonly Session[], { asked, major, sums }: Hashing): Promise<void> {
  const pieces = sums
    .flatMap((sum) => cutTable(sum.work, major, asked.pieceBytes).map((piece) => ({ piece, sum })))
    .toSorted((a, b) => b.sum.work.facts.tableBytes - a.sum.work.facts.tableBytes);
  const bytes = pieces.reduce((all, { piece }) => all + piece.bytes, 0);
  let doneBytes = 0;
  let rows = 0;
  let next = 0;
  let failed = false;
  const take = (): { readonly piece: Piece; readonly sum: TableSum } | undefined => (failed ? undefined : pieces[next++]);
  const work = async (lane: Session): Promise<void> => {
    for (let taken = take(); taken !== undefined; taken = take()) {
      asked.signal?.throwIfAborted();
      const read = await hashPiece(lane, taken.piece);
      taken.sum.add(read);
      doneBytes += taken.piece.bytes;
      rows += read.reduce((all, row) => all + Number(row["rows"]), 0);
      asked.onProgress?.({ doneBytes: Math.round(doneBytes), bytes, rows });
    }
  };
  const ended = await Promise.allSettled(
    lanes.map((lane) =>
      work(lane).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}

/** Everything but rows and sequences; where only some tables are looked at again, it is as it was. */
async function describeRest(
  session: Session,
  { asked, major, found }: { readonly asked: DescribeAsked; readonly major: number; readonly found: TablesFound },
): Promise<Omit<DatabaseManifest, "tables" | "sequences" | "freshness">> {
  const moment = asked.held === undefined ? await readMoment(session) : sayMoment(asked.held);
  if (asked.only !== undefined && asked.like !== undefined) return { ...asked.like, ...moment };
  return {
    format: 1,
    server: await readServer(session, major),
    ...moment,
    leftOut: found.leftOut,
    extensions: await readExtensions(session),
    largeObjects: await readLargeObjects(session, asked.signal),
    validity: await readValidity(session),
    roles: await readNeededRoles(session),
    settings: await readDatabaseSettings(session),
    schema: digestSchema(await asked.schema()),
  };
}

async function readMoment(session: Session): Promise<Pick<DatabaseManifest, "at" | "lsn">> {
  const row = await oneRow(session, `select ${logPosition} as lsn, extract(epoch from pg_catalog.clock_timestamp()) * 1000 as at`);
  return sayMoment({ at: epochMs(Math.round(Number(textOf(row, "at")))), lsn: row["lsn"] ?? undefined });
}

const sayMoment = ({ at, lsn }: Pick<HeldSnapshot, "at" | "lsn">): Pick<DatabaseManifest, "at" | "lsn"> => ({ at, ...(lsn === undefined ? {} : { lsn }) });

/** Columns of one table whose outermost value is wanted: those that a sequence feeds, and time columns. */
function extremesOf(facts: TableFacts, sequences: readonly SequenceFacts[], fresh: DatabaseSettings["gates"]["fresh"]): readonly ExtremeColumn[] {
  const fed = sequences.flatMap(({ owner, increment }): readonly ExtremeColumn[] =>
    owner?.whole === true && facts.names.includes(owner.table) ? [{ column: owner.column, of: increment.startsWith("-") ? "smallest" : "largest" }] : [],
  );
  // Oids of date, timestamp and timestamptz.
  const times = fresh.flatMap(({ table, column }): readonly ExtremeColumn[] =>
    isNamed(facts, table) && facts.columns.some(({ name, typeOid }) => name === column && [1082, 1114, 1184].includes(typeOid))
      ? [{ column, of: "newest" }]
      : [],
  );
  return [...fed, ...times];
}

function sequenceManifest(
  reading: { readonly sequence: string; readonly last: string; readonly called: boolean },
  all: readonly SequenceFacts[],
  sums: readonly TableSum[],
): SequenceManifest {
  const facts = all.find(({ sequence }) => sequence === reading.sequence);
  const increment = facts?.increment ?? "1";
  const of = increment.startsWith("-") ? "smallest" : "largest";
  const owner = facts?.owner;
  const found =
    owner === undefined ? [] : sums.filter(({ work }) => work.facts.names.includes(owner.table)).flatMap((sum) => sum.extreme(owner.column, of) ?? []);
  const furthest = found.reduce<bigint | undefined>(
    (most, each) => (most === undefined || (of === "smallest" ? each < most : each > most) ? each : most),
    undefined,
  );
  return {
    ...reading,
    increment,
    cycles: facts?.cycles ?? false,
    ...(owner === undefined ? {} : { owner: { table: owner.table, column: owner.column, furthest: furthest === undefined ? undefined : String(furthest) } }),
  };
}
