import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type BackupId,
  backupId,
  type CommitRecord,
  days,
  type EpochMs,
  epochMs,
  hours,
  minutes,
  ms,
  type ProofRecord,
  sayStamp,
  seconds,
  writeRecord,
} from "@nightshift/model";
import { sha256 } from "@nightshift/vault/runner/digest";
import { onTestFinished } from "vitest";

/** One night that lies in a store; `failed`: its run said so and left no backup; `torn`: it left segments without a commit record. */
export interface ShelvedNight {
  readonly scheduled: EpochMs;
  readonly ends: "proven" | "suspect" | "unproven" | "failed" | "torn";
  /** Of the database. */
  readonly bytes?: number;
}

/** A moment of the morning that the command line's tests are at. */
export const night = (daysAgo: number): EpochMs => epochMs(Date.UTC(2026, 10, 21, 2) - days(daysAgo));

/** A directory with these nights of `shop`, as the runner would have written them; it goes with the test. */
export function shelfOf(nights: readonly ShelvedNight[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), "ns-shelf-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const one of nights) shelve(folder, one);
  return folder;
}

interface Named {
  readonly id: BackupId;
  readonly run: string;
  /** Its folder. */
  readonly data: string;
}

function shelve(folder: string, given: ShelvedNight): void {
  const { scheduled, ends } = given;
  const id = backupId(`shop-${sayStamp(scheduled)}-nightly`);
  const named: Named = { id, run: `${id}-run`, data: `shop/data/${id}` };
  const put = (key: string, body: Uint8Array | string): void => {
    const file = path.join(folder, key);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, body);
  };
  if (ends === "failed") {
    const ended = { state: "failed", because: "the disk was full", differences: [], findings: [], times: {} };
    put(`shop/runs/${named.run}/outcome.json`, JSON.stringify({ run: named.run, of: "shop", backup: id, phase: "ended", at: scheduled, ended }));
    return;
  }
  put(`${named.data}/segment-00001.zst`, "not read by a status");
  if (ends === "torn") return;
  // As long as its record says, and without a byte on the disk.
  truncateSync(path.join(folder, `${named.data}/segment-00001.zst`), storedBytes(given));
  put(`${named.data}/contents.json.zst`, "x");
  const manifest = writeRecord(commitOf(named, given), sha256);
  put(`${named.data}/manifest.json`, manifest);
  if (ends !== "unproven") put(`${named.data}/proof.json`, writeRecord(proofOf(named, given, sha256(manifest)), sha256));
}

/** A larger database takes longer, at the same rate. */
const rateOf = ({ bytes = 40e9 }: ShelvedNight): number => bytes / 40e9;

const storedBytes = ({ bytes = 40e9 }: ShelvedNight): number => Math.round(bytes / 4);

const commitOf = ({ id, run, data }: Named, given: ShelvedNight): CommitRecord => {
  const { scheduled, bytes = 40e9 } = given;
  return {
    record: "nightshift backup",
    format: 1,
    id,
    of: "shop",
    series: "nightly",
    run,
    scheduled,
    contentsOf: epochMs(scheduled + seconds(5)),
    finished: epochMs(scheduled + minutes(6)),
    times: { dump: ms(276_000 * rateOf(given)) },
    tools: { nightshift: "0.1.0", dump: "pg_dump 17.5", node: "v24" },
    server: { version: "17.5" },
    sourceBytes: bytes,
    tables: 214,
    rows: 88_100_000,
    segments: [
      {
        number: 1,
        key: `${data}/segment-00001.zst`,
        bytes: storedBytes(given),
        archiveBytes: bytes,
        sha256: "0".repeat(64),
        crc64nvme: "0".repeat(16),
        parts: 1,
      },
    ],
    contents: { key: `${data}/contents.json.zst`, bytes: 1, sha256: "0".repeat(64) },
    others: [],
    findings: [],
  };
};

const proofOf = ({ id, run }: Named, given: ShelvedNight, manifestSha256: string): ProofRecord => ({
  record: "nightshift proof",
  format: 1,
  id,
  of: "shop",
  manifestSha256,
  run,
  at: epochMs(given.scheduled + minutes(24)),
  level: "restored-and-compared",
  verdict: given.ends === "proven" ? "verified" : "suspect",
  ...(given.ends === "proven" ? {} : { because: "public.orders lost 41 % of its rows" }),
  differences: 0,
  firstDifferences: [],
  times: { download: ms(120_000 * rateOf(given)), restore: ms(662_000 * rateOf(given)), compare: ms(210_000 * rateOf(given)) },
  checked: ["rows", "schema", "sequences"],
  selfTests: [{ damage: "a deleted row", seen: true }],
  restoredOn: "PostgreSQL 17.5",
});

/** Sixty nights of a database that grows by three per cent a month, with a few that failed; the newest is proven. */
export const sixtyNights = (): readonly ShelvedNight[] =>
  Array.from({ length: 60 }, (_, n): ShelvedNight => {
    const daysAgo = 59 - n;
    const ends = daysAgo === 12 || daysAgo === 13 ? "failed" : daysAgo === 20 ? "torn" : daysAgo === 5 ? "unproven" : "proven";
    return { scheduled: night(daysAgo), ends, bytes: 40e9 * (1 + (0.03 * n) / 30.44) };
  });

/** How long after the night's beginning the tests look. */
export const LOOKED = hours(7);
