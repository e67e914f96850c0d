import { guard } from "@nightshift/model/guards";
import type { BackupId, BackupSeries, BackupTimes, ProofLevel, SliceSide } from "./backup.ts";
import type { DatabaseManifest } from "./database-manifest.ts";
import type { EpochMs } from "./time.ts";

/** One numbered piece of the archive: an object of one checksummed zstd frame. */
export interface SegmentRecord {
  /** From 1. */
  readonly number: number;
  readonly key: string;
  /** As stored. */
  readonly bytes: number;
  /** Before compression. */
  readonly archiveBytes: number;
  /** Of the stored bytes, hex. */
  readonly sha256: string;
  /** Of the stored bytes, 16 hex digits. */
  readonly crc64nvme: string;
  /** How many parts it was uploaded in. */
  readonly parts: number;
}

/** Another object of the backup, with its digest. */
export interface ObjectRecord {
  readonly key: string;
  readonly bytes: number;
  /** Of the stored bytes, hex. */
  readonly sha256: string;
}

/** Which database a backup is of, without an address or a user. */
export interface SourceRecord {
  /** `system_identifier` of the cluster, as decimal text; absent where the role may not read it. A standby has its primary's. */
  readonly system?: string;
  /** Of `pg_database`. */
  readonly oid: number;
  readonly database: string;
}

/** `manifest.json`: the commit record. A backup without it is not one. */
export interface CommitRecord {
  readonly record: "nightshift backup";
  readonly format: 1;
  readonly id: BackupId;
  readonly of: string;
  readonly series: BackupSeries;
  /** The run that took it. */
  readonly run: string;
  readonly scheduled: EpochMs;
  /** The server's clock at the snapshot. */
  readonly contentsOf: EpochMs;
  readonly finished: EpochMs;
  readonly times: BackupTimes;
  /** What `pg_dump --version` said, and ours. */
  readonly tools: { readonly nightshift: string; readonly dump: string; readonly node: string };
  /** What the server said about itself, name to value: version, encoding, data_checksums… never an address or a user. */
  readonly server: Readonly<Record<string, string>>;
  /** Which database it is of; absent in what was written before this was read. */
  readonly source?: SourceRecord;
  readonly sourceBytes: number;
  readonly tables: number;
  readonly rows: number;
  /** The archive, in order. */
  readonly segments: readonly SegmentRecord[];
  /** The database's manifest (`contents.json.zst`). */
  readonly contents: ObjectRecord;
  /** For people: `schema.sql.zst`, `roles.sql.zst`. */
  readonly others: readonly ObjectRecord[];
  /** What was seen and is no difference: roles saved without passwords, tables left out… Never a row's value. */
  readonly findings: readonly string[];
}

/** `proof.json`: the backup was read back and compared. Without one it counts nowhere. */
export interface ProofRecord {
  readonly record: "nightshift proof";
  readonly format: 1;
  readonly id: BackupId;
  readonly of: string;
  /** Of every byte of `manifest.json`, hex. */
  readonly manifestSha256: string;
  readonly run: string;
  readonly at: EpochMs;
  readonly level: ProofLevel;
  readonly verdict: "verified" | "suspect" | "failed";
  /** Why it is suspect or failed, in one sentence. */
  readonly because?: string;
  /** How many there were in all; the first of them, in words without values. */
  readonly differences: number;
  readonly firstDifferences: readonly string[];
  readonly times: BackupTimes;
  /** What was compared, by name: `rows`, `schema`, `sequences`, … */
  readonly checked: readonly string[];
  /** Each damage that was tried on a copy, and whether the verifier saw it, as it must. */
  readonly selfTests: readonly { readonly damage: string; readonly seen: boolean }[];
  /** What the scratch server was: `PostgreSQL 15.18`. */
  readonly restoredOn: string;
  /** Keys of the refusals that it overcomes: those that stood when it began to read. One that is not named here is newer, and stands. */
  readonly despite?: readonly string[];
}

/** `refused-<time>.json`: the backup was read back or restored, and was not what was written. It proves nothing until a later proof overcomes it. */
export interface RefusalRecord {
  readonly record: "nightshift refusal";
  readonly format: 1;
  readonly id: BackupId;
  readonly of: string;
  /** Of every byte of `manifest.json`, hex. */
  readonly manifestSha256: string;
  readonly run: string;
  readonly at: EpochMs;
  /** Why, in one sentence. */
  readonly because: string;
  /** The first differences, in words without values. */
  readonly differences: readonly string[];
}

/** `before.json.zst`, `after.json.zst`, once decompressed: the manifest of a live database beside a storage snapshot. */
export interface SliceFile {
  readonly record: "nightshift slice";
  readonly format: 1;
  /** The snapshot. */
  readonly id: BackupId;
  readonly of: string;
  readonly side: SliceSide;
  readonly run: string;
  readonly contents: DatabaseManifest;
}

/** SHA-256 of bytes, as hex: handed in, because the model knows no library. */
export type Sha256 = (bytes: Uint8Array) => string;
/** A record that is whole, or the sentence that says why it is refused. */
export type ReadRecord<T> = { readonly ok: true; readonly record: T; readonly sha256: string } | { readonly ok: false; readonly because: string };

// An object that has the footer's shape ends the text, so that tools for streams of JSON can read both.
const footerPattern = /^\{"sha256":"([0-9a-f]{64})"\}\n$/;
const footerBytes = '{"sha256":""}\n'.length + 64;

/** A record as it is stored: JSON for people, then a line with the SHA-256 of every byte before it. */
export function writeRecord(record: CommitRecord | ProofRecord | RefusalRecord | SliceFile, sha256: Sha256): Uint8Array {
  const body = new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`);
  const footer = new TextEncoder().encode(`{"sha256":"${sha256(body)}"}\n`);
  const whole = new Uint8Array(body.length + footer.length);
  whole.set(body);
  whole.set(footer, body.length);
  return whole;
}

/** What is done about a record that is refused. A proof can be made again, a backup cannot. */
const nextSteps = {
  "nightshift backup": "take the backup from a copy, or not at all",
  "nightshift proof": "the backup itself may be whole: delete this one file and run `npx nightshift backup verify` on it",
  "nightshift refusal": "run `npx nightshift backup verify` on the backup again",
  "nightshift slice": "hold the copy against an older dump",
} as const;

/** The commit record in these bytes; any byte that is not as it was written refuses it. */
export const readCommitRecord = (bytes: Uint8Array, sha256: Sha256): ReadRecord<CommitRecord> =>
  readRecord<CommitRecord>(bytes, sha256, { file: "manifest.json", record: "nightshift backup" });
/** The proof in these bytes; any byte that is not as it was written refuses it. */
export const readProofRecord = (bytes: Uint8Array, sha256: Sha256): ReadRecord<ProofRecord> =>
  readRecord<ProofRecord>(bytes, sha256, { file: "proof.json", record: "nightshift proof" });

/** The refusal in these bytes; any byte that is not as it was written refuses it. */
export const readRefusalRecord = (bytes: Uint8Array, sha256: Sha256): ReadRecord<RefusalRecord> =>
  readRecord<RefusalRecord>(bytes, sha256, { file: "the refusal", record: "nightshift refusal" });

/** The slice in these bytes (decompressed); any byte that is not as it was written refuses it. */
export const readSliceFile = (bytes: Uint8Array, sha256: Sha256): ReadRecord<SliceFile> =>
  readRecord<SliceFile>(bytes, sha256, { file: "the slice", record: "nightshift slice" });

/** Whether a proof says that this very commit record was restored and compared without a difference, and that the verifier can fail. */
export function proves(proof: ProofRecord, commit: { readonly record: CommitRecord; readonly sha256: string }): boolean {
  return (
    !guard("a proof is of this very backup", proof.manifestSha256 !== commit.sha256 || proof.id !== commit.record.id || proof.of !== commit.record.of) &&
    !guard("only what was compared is proven", proof.verdict !== "verified" || proof.level !== "restored-and-compared" || proof.differences !== 0) &&
    !guard("a verifier that was never tried proves nothing", !sawEveryDamage(proof))
  );
}

/** Whether the verifier was tried on damaged copies, and saw each damage: a verifier that was never tried may say yes to anything. */
export const sawEveryDamage = ({ selfTests = [] }: Partial<Pick<ProofRecord, "selfTests">>): boolean =>
  selfTests.length > 0 && selfTests.every(({ seen }) => seen);

function readRecord<T extends CommitRecord | ProofRecord | RefusalRecord | SliceFile>(
  bytes: Uint8Array,
  sha256: Sha256,
  wanted: { file: string; record: T["record"] },
): ReadRecord<T> {
  const refuse = (because: string): ReadRecord<T> => ({
    ok: false,
    because: `${wanted.file} is refused: ${because}; ${nextSteps[wanted.record]}`,
  });
  const body = bytes.subarray(0, Math.max(0, bytes.length - footerBytes));
  const said = footerPattern.exec(decode(bytes.subarray(body.length)) ?? "")?.[1];
  if (said === undefined && guard("a record is as it was written")) return refuse("it does not end in the line with its SHA-256");
  if (guard("a record is as it was written", sha256(body) !== said)) return refuse("its SHA-256 is not the one in its last line, so a byte of it was changed");
  const record = parse(decode(body));
  if (record === undefined || record["record"] !== wanted.record) return refuse(`it is no record of a ${wanted.record.replace("nightshift ", "")}`);
  if (record["format"] !== 1) return refuse(`its format is ${String(record["format"])}, and this version reads format 1`);
  // The digest says that these are the bytes that `writeRecord` made of such a record.
  return { ok: true, record: record as unknown as T, sha256: sha256(bytes) };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // Not UTF-8, so not ours; the caller says it.
  }
}
function parse(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // Not JSON, so not ours; the caller says it.
  }
}
