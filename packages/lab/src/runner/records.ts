import { createHash } from "node:crypto";
import {
  type BackupId,
  type BackupSeries,
  type BackupTimes,
  type CommitRecord,
  type EpochMs,
  type ObjectRecord,
  type ProofRecord,
  type SegmentRecord,
  type Sha256,
  type SliceRecord,
  type SliceSide,
  writeRecord,
} from "@nightshift/model";
import { keysOf, sliceKey } from "@nightshift/vault/store/layout";
import type { LabDatabase } from "./databases.ts";

/** What the simulated runner knows of one backup that it takes. */
export interface Taken {
  readonly of: string;
  readonly id: BackupId;
  readonly run: string;
  readonly series: BackupSeries;
  readonly scheduled: EpochMs;
  readonly contentsOf: EpochMs;
  readonly finished: EpochMs;
  readonly database: LabDatabase;
  readonly times: BackupTimes;
}
/** An object and what is in it. */
export interface Written {
  readonly key: string;
  readonly body: Uint8Array;
}

/** SHA-256 as hex. */
export const sha256: Sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));

/** The objects of a backup but its commit record: small stand-ins for what a real archive would be. */
export function archiveOf(
  of: string,
  id: BackupId,
): { readonly written: readonly Written[]; readonly segments: readonly SegmentRecord[]; readonly contents: ObjectRecord } {
  const keys = keysOf(of, id);
  const segment = { key: keys.segment(1), body: bytesOf(`the lab's archive of ${id}\n`) };
  const contents = { key: keys.contents, body: bytesOf(`the lab's manifest of ${id}\n`) };
  return {
    written: [segment, contents],
    segments: [
      {
        number: 1,
        key: segment.key,
        bytes: segment.body.length,
        archiveBytes: segment.body.length,
        sha256: sha256(segment.body),
        crc64nvme: "0".repeat(16),
        parts: 1,
      },
    ],
    contents: { key: contents.key, bytes: contents.body.length, sha256: sha256(contents.body) },
  };
}

/** The commit record, as `packages/vault` writes it. */
export function commitOf(taken: Taken): Written {
  const { of, id, run, series, scheduled, contentsOf, finished, database, times } = taken;
  const { segments, contents } = archiveOf(of, id);
  const record: CommitRecord = {
    record: "nightshift backup",
    format: 1,
    id,
    of,
    series,
    run,
    scheduled,
    contentsOf,
    finished,
    times,
    tools: { nightshift: "the lab", dump: "pg_dump (PostgreSQL) 17.5", node: "the lab" },
    server: { server_version: "17.5" },
    sourceBytes: database.bytes,
    tables: database.tables,
    rows: database.rows,
    segments,
    contents,
    others: [],
    findings: [],
  };
  return { key: keysOf(of, id).manifest, body: writeRecord(record, sha256) };
}

/** A manifest of the live database: a small stand-in that holds its moment. */
export function sliceOf(taken: Pick<Taken, "of" | "id" | "run"> & { readonly side: SliceSide; readonly at: EpochMs }): {
  readonly written: Written;
  readonly record: SliceRecord;
} {
  const { of, id, side, at } = taken;
  const key = sliceKey(of, id, side);
  const body = bytesOf(`${JSON.stringify({ the: "lab's slice", id, side, at })}\n`);
  return { written: { key, body }, record: { key, bytes: body.length, sha256: sha256(body), at } };
}
/** The moment that such a stand-in holds. */
export function momentOfSlice(bytes: Uint8Array): EpochMs {
  // Written by `sliceOf`: whoever asks has seen its digest.
  const { at } = JSON.parse(Buffer.from(bytes).toString("utf8")) as { readonly at: EpochMs };
  return at;
}

/** How the proof of a backup came out. One that fails leaves none. */
export interface Proven extends Pick<ProofRecord, "because" | "times" | "run" | "at"> {
  readonly verdict: "verified" | "suspect";
}

/** The proof that names this very commit record. */
export function proofOf(commit: Written, of: { readonly of: string; readonly id: BackupId }, proven: Proven): Written {
  const { verdict, because, times, run, at } = proven;
  const record: ProofRecord = {
    record: "nightshift proof",
    format: 1,
    ...of,
    manifestSha256: sha256(commit.body),
    run,
    at,
    level: "restored-and-compared",
    verdict,
    ...(because === undefined ? {} : { because }),
    differences: 0,
    firstDifferences: [],
    times,
    checked: ["rows", "schema", "sequences"],
    selfTests: ["a row is gone", "a sequence was reset", "a bit of the archive is flipped"].map((damage) => ({ damage, seen: true })),
    restoredOn: "PostgreSQL 17.5",
  };
  return { key: keysOf(of.of, of.id).proof, body: writeRecord(record, sha256) };
}
