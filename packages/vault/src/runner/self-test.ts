import { finished } from "node:stream/promises";
import type { DatabaseManifest, SequenceManifest } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { readSequences } from "../postgres/sequences.ts";
import { type Connect, withSession } from "../postgres/session.ts";
import type { StoreReading } from "../store/store.ts";
import { readSegments } from "../stream/read-back.ts";
import { withFlippedBit } from "./damaged-store.ts";
import type { ScratchCopy } from "./scratch-copy.ts";
import type { Committed } from "./shelf-reading.ts";

/** One damage that was done on purpose to a copy, and whether the verifier saw it, as it must. */
export interface SelfTest {
  readonly damage: string;
  readonly seen: boolean;
}

/** Whether this copy differs from the source: the very comparison that the proof rests on. */
export type Differs = (copy: DatabaseManifest) => boolean;

/** What the verifier is shown, and how it sees. */
export interface SelfTestAsked {
  readonly copy: ScratchCopy;
  /** The copy as it was compared: without a difference. */
  readonly clean: DatabaseManifest;
  readonly committed: Committed;
  readonly store: StoreReading;
  readonly differs: Differs;
  readonly signal: AbortSignal;
}

/**
 * Shows the verifier damaged copies (decision 52): a row deleted, a sequence set back, a bit of a segment the other way round. A verifier
 * that sees nothing there would have seen nothing all along. Only the scratch server and bytes on their way are touched.
 */
export async function testVerifier(asked: SelfTestAsked): Promise<readonly SelfTest[]> {
  const tests = [await deleteRow(asked), await resetSequence(asked), await flipBit(asked)];
  return tests.filter((test) => test !== undefined);
}

/** In the smallest table that has rows, because it is read again. */
async function deleteRow({ copy, clean, differs }: SelfTestAsked): Promise<SelfTest | undefined> {
  const [smallest] = clean.tables.filter(({ rows }) => rows > 0).toSorted((a, b) => a.bytes - b.bytes);
  if (smallest === undefined) return undefined;
  const { table } = smallest;
  await damage(copy.connect, `delete from only ${table} where ctid = (select ctid from only ${table} limit 1)`);
  const again = await copy.describe([table]);
  const tables = clean.tables.map((each) => again.tables.find((found) => found.table === each.table) ?? each);
  return { damage: `one row deleted from ${table}`, seen: differs({ ...clean, tables }) };
}

/** The sequence that counted furthest: the one whose reset would hurt most. */
async function resetSequence({ copy, clean, differs }: SelfTestAsked): Promise<SelfTest | undefined> {
  const [furthest] = clean.sequences.filter(isCounting).toSorted((a, b) => Number(distance(b) - distance(a)));
  if (furthest === undefined) return undefined;
  const { sequence } = furthest;
  await damage(copy.connect, `alter sequence ${sequence} restart`);
  const [reading] = await withSession(copy.connect, (session) => readSequences(session, [sequence]));
  const sequences = clean.sequences.map((each) => (each.sequence === sequence && reading !== undefined ? { ...each, ...reading } : each));
  return { damage: `the sequence ${sequence} set back to its start`, seen: differs({ ...clean, sequences }) };
}

/** One that feeds a column with rows: of any other a reset may be what its owner wants. */
const isCounting = ({ called, cycles, owner, last, increment }: SequenceManifest): boolean =>
  called && !cycles && owner?.furthest !== undefined && BigInt(last) !== BigInt(increment);
const distance = ({ last }: SequenceManifest): bigint => (BigInt(last) < 0n ? -BigInt(last) : BigInt(last));

/** Of the smallest segment, because it is read again, to its end. */
async function flipBit({ committed, store, signal }: SelfTestAsked): Promise<SelfTest | undefined> {
  const [segment] = committed.record.segments.toSorted((a, b) => a.bytes - b.bytes);
  if (segment === undefined) return undefined;
  // A place that differs from backup to backup, and is the same when this one is verified again.
  const byte = Number(BigInt(`0x${committed.sha256.slice(0, 12)}`) % BigInt(segment.bytes));
  const damaged = withFlippedBit(store, { key: segment.key, byte, bit: byte % 8 });
  const reading = readSegments({ store: damaged, segments: [segment], signal });
  reading.resume();
  const seen = await finished(reading).then(
    () => false,
    (error: unknown) => {
      signal.throwIfAborted();
      // A store that cannot be reached has seen nothing.
      if (error instanceof PortError && error.kind === "invalid") return true;
      throw error;
    },
  );
  return { damage: `one bit of segment ${segment.number} the other way round`, seen };
}

/** Past triggers and foreign keys, as damage comes. */
const damage = (connect: Connect, sql: string): Promise<unknown> =>
  withSession(connect, async (session) => {
    await session.query("set session_replication_role = replica");
    await session.query(sql);
  });
