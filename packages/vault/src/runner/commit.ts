import path from "node:path";
import {
  type BackupId,
  type BackupSeries,
  type CommitRecord,
  countRows,
  type DatabaseManifest,
  type EpochMs,
  type Ms,
  type ObjectRecord,
  type SegmentRecord,
  writeRecord,
} from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { readRoles, rolesSql } from "../postgres/roles.ts";
import { type Connect, withSession } from "../postgres/session.ts";
import { runProgram } from "../scratch/program.ts";
import { keysOf } from "../store/layout.ts";
import type { Store } from "../store/store.ts";
import { sha256, squeeze } from "./digest.ts";
import type { Programs } from "./programs.ts";
import type { Machine } from "./world.ts";

/** Which backup is being taken, and why. */
export interface BackupName {
  readonly of: string;
  readonly id: BackupId;
  readonly run: string;
  readonly series: BackupSeries;
  readonly scheduled: EpochMs;
}

/** Everything that one attempt stored, on the way to its commit record. */
export interface Stored {
  readonly segments: readonly SegmentRecord[];
  readonly contents: ObjectRecord;
  readonly others: readonly ObjectRecord[];
  readonly findings: readonly string[];
}

/** Stores the database's manifest, its definitions and its roles beside the archive. */
export async function storeDescriptions(
  store: Store,
  name: BackupName,
  text: { readonly contents: DatabaseManifest; readonly schema: string; readonly roles: string; readonly attempt: number },
): Promise<Pick<Stored, "contents" | "others">> {
  const keys = keysOf(name.of, name.id);
  const put = async (key: string, body: string): Promise<ObjectRecord> => putOnce(store, attemptKey(key, text.attempt), await squeeze(body));
  const contents = await put(keys.contents, JSON.stringify(text.contents));
  const schema = await put(keys.schema, text.schema);
  return { contents, others: [schema, await put(keys.roles, text.roles)] };
}

/** A second attempt writes beside what the first one left, never over it: the first may have been slower, not dead. */
const attemptKey = (key: string, attempt: number): string => (attempt === 1 ? key : key.replace(/(?=\.(?:json|sql)\.zst$)/, `-attempt-${attempt}`));

async function putOnce(store: Store, key: string, body: Uint8Array): Promise<ObjectRecord> {
  if ((await store.put(key, body, { onlyIfAbsent: true })) === "taken")
    throw new PortError("conflict", "backup:take", key, "another run of the same backup wrote it this moment; one of the two is enough");
  return { key, bytes: body.length, sha256: sha256(body) };
}

/** Which attempt at a backup this is: one more than the last that left something behind. */
export async function attemptOf(store: Store, { of, id }: Pick<BackupName, "of" | "id">): Promise<number> {
  const numbers = (await store.list(keysOf(of, id).folder)).map(({ key }) => Number(/-attempt-(\d+)\./.exec(path.posix.basename(key))?.[1] ?? 1));
  return numbers.length === 0 ? 1 : Math.max(...numbers) + 1;
}

/** The roles of the server as SQL, without their passwords, which no role that should take backups can read. */
export const dumpRoles = (connect: Connect): Promise<string> => withSession(connect, async (session) => [...rolesSql(await readRoles(session)), ""].join("\n"));

/** The definitions as people read them, as of the snapshot where there is one. */
export async function dumpSchema(asked: {
  readonly programs: Programs;
  readonly env: Readonly<Record<string, string>>;
  readonly snapshot: string | undefined;
  readonly signal: AbortSignal;
}): Promise<string> {
  const { programs, env, snapshot, signal } = asked;
  const args = ["--schema-only", ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`]), "--lock-wait-timeout=5s", "--no-password"];
  const end = await runProgram({ program: path.join(programs.bin, "pg_dump"), args, env, signal });
  if (end.code !== 0) throw new Error(`The definitions could not be dumped: ${end.complaints.join("; ")}`);
  return end.stdout;
}

/** Writes the commit record, only if there is none: from now on it is a backup. `taken`: another run was first. */
export async function commit(
  store: Store,
  name: BackupName,
  made: {
    readonly stored: Stored;
    readonly contents: DatabaseManifest;
    readonly finished: EpochMs;
    readonly dump: Ms;
    readonly programs: Programs;
    readonly machine: Pick<Machine, "node" | "nightshift">;
  },
): Promise<{ readonly how: "stored" | "taken"; readonly record: CommitRecord; readonly sha256: string }> {
  const { stored, contents, machine } = made;
  const { of, id, run, series, scheduled } = name;
  const { version, dataChecksums, encoding, collate, ctype, localeProvider, inRecovery } = contents.server;
  const record: CommitRecord = {
    record: "nightshift backup",
    format: 1,
    id,
    of,
    series,
    run,
    scheduled,
    contentsOf: contents.at,
    finished: made.finished,
    times: { dump: made.dump },
    tools: { nightshift: machine.nightshift, dump: made.programs.said, node: machine.node },
    server: {
      server_version: version,
      data_checksums: dataChecksums ? "on" : "off",
      encoding,
      lc_collate: collate,
      lc_ctype: ctype,
      locale_provider: localeProvider,
      in_recovery: inRecovery ? "on" : "off",
    },
    sourceBytes: contents.server.bytes,
    tables: contents.tables.length,
    rows: countRows(contents),
    segments: stored.segments,
    contents: stored.contents,
    others: stored.others,
    findings: stored.findings,
  };
  const bytes = writeRecord(record, sha256);
  return { how: await store.put(keysOf(name.of, name.id).manifest, bytes, { onlyIfAbsent: true }), record, sha256: sha256(bytes) };
}
