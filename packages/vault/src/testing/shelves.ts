import { constants, zstdCompressSync } from "node:zlib";
import { type BackupId, backupId, type CommitRecord, epochMs, type ProofRecord, type SourceRecord, writeRecord } from "@nightshift/model";
import { keysOf } from "../store/layout.ts";
import { sha256Of } from "../store/shelf.ts";
import { crc64nvme } from "../stream/crc64nvme.ts";
import type { Store } from "../store/store.ts";

/** What a test's backup is like, where it matters. */
export interface PutBackup {
  readonly of?: string;
  readonly contentsOf?: number;
  readonly proof?: Partial<ProofRecord> | "none";
  /** With a file of roles, for people. */
  readonly roles?: boolean;
  readonly source?: SourceRecord;
}

/** Puts a small backup with whole records into a store: two segments of a few bytes. Returns its id and commit record. */
export async function putBackup(
  store: Store,
  name: string,
  { of = "shop", contentsOf = 1_773_453_600_000, proof = {}, roles = false, source }: PutBackup = {},
): Promise<{ readonly id: BackupId; readonly commit: CommitRecord }> {
  const id = backupId(name);
  const keys = keysOf(of, id);
  const object = async (key: string, text: string) => {
    const bytes = zstdCompressSync(Buffer.from(text), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    await store.put(key, bytes);
    return { key, bytes: bytes.length, sha256: sha256Of(bytes), crc64nvme: crc64nvme(bytes) };
  };
  const segment = async (number: number, text: string) => ({ ...(await object(keys.segment(number), text)), number, archiveBytes: text.length, parts: 1 });
  const commit: CommitRecord = {
    record: "nightshift backup",
    format: 1,
    id,
    of,
    series: "nightly",
    run: `run-${name}`,
    scheduled: epochMs(contentsOf - 1_000),
    contentsOf: epochMs(contentsOf),
    finished: epochMs(contentsOf + 60_000),
    times: {},
    tools: { nightshift: "0.1.0", dump: "pg_dump (PostgreSQL) 15.18", node: "v24.21.0" },
    server: { version: "15.18" },
    ...(source === undefined ? {} : { source }),
    sourceBytes: 1_000,
    tables: 1,
    rows: 2,
    segments: [await segment(1, "one"), await segment(2, "second")],
    contents: await object(keys.contents, '{"server":{"database":"shop","major":15}}'),
    others: roles ? [await object(keys.roles, "create role app;")] : [],
    findings: [],
  };
  const manifest = writeRecord(commit, sha256Of);
  await store.put(keys.manifest, manifest, { onlyIfAbsent: true });
  if (proof !== "none") await store.put(keys.proof, writeRecord({ ...proofOf(commit, sha256Of(manifest)), ...proof }, sha256Of), { onlyIfAbsent: true });
  return { id, commit };
}

const proofOf = ({ id, of, run, finished }: CommitRecord, manifestSha256: string): ProofRecord => ({
  record: "nightshift proof",
  format: 1,
  id,
  of,
  manifestSha256,
  run,
  at: finished,
  level: "restored-and-compared",
  verdict: "verified",
  differences: 0,
  firstDifferences: [],
  times: {},
  checked: ["rows", "schema"],
  selfTests: [{ damage: "one row deleted", seen: true }],
  restoredOn: "PostgreSQL 15.18",
});
