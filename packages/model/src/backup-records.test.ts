import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { backupId } from "./backup.ts";
import { type CommitRecord, type ProofRecord, proves, readCommitRecord, readProofRecord, writeRecord } from "./backup-records.ts";
import { epochMs } from "./time.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const id = backupId("shop-260314-0200-nightly");
const commit: CommitRecord = {
  record: "nightshift backup",
  format: 1,
  id,
  of: "shop",
  series: "nightly",
  run: "run-1",
  scheduled: epochMs(1_773_453_600_000),
  contentsOf: epochMs(1_773_453_612_345),
  finished: epochMs(1_773_453_700_000),
  times: {},
  tools: { nightshift: "0.1.0", dump: "pg_dump (PostgreSQL) 15.18", node: "v24.21.0" },
  server: { version: "15.18", note: "Größe �" },
  sourceBytes: 1_000,
  tables: 3,
  rows: 40,
  segments: [{ number: 1, key: "shop/data/x/segment-00001.zst", bytes: 10, archiveBytes: 20, sha256: "a".repeat(64), crc64nvme: "b".repeat(16), parts: 1 }],
  contents: { key: "shop/data/x/contents.json.zst", bytes: 5, sha256: "c".repeat(64) },
  others: [],
  findings: [],
};
const bytes = writeRecord(commit, sha256);
const proof: ProofRecord = {
  record: "nightshift proof",
  format: 1,
  id,
  of: "shop",
  manifestSha256: sha256(bytes),
  run: "run-1",
  at: epochMs(1_773_453_900_000),
  level: "restored-and-compared",
  verdict: "verified",
  differences: 0,
  firstDifferences: [],
  times: {},
  checked: ["rows"],
  selfTests: [{ damage: "one row deleted", seen: true }],
  restoredOn: "PostgreSQL 15.18",
};

describe("a commit record", () => {
  it("comes back as it was written, and ends in the SHA-256 of all before", () => {
    expect(readCommitRecord(bytes, sha256)).toEqual({ ok: true, record: commit, sha256: sha256(bytes) });
    expect(new TextDecoder().decode(bytes.slice(-80))).toMatch(/\}\n\{"sha256":"[0-9a-f]{64}"\}\n$/);
  });

  it("is refused when any bit of any byte is flipped", () => {
    for (let at = 0; at < bytes.length; at += 1) {
      for (const bit of [0, 3, 5, 7]) {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        expect(readCommitRecord(damaged, sha256).ok).toBe(false);
      }
    }
  });

  it("is refused when a byte is missing, or one is added, wherever that is", () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const shorter = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]);
      const longer = Uint8Array.from([...bytes.subarray(0, at), 0x20, ...bytes.subarray(at)]);
      expect(readCommitRecord(shorter, sha256).ok).toBe(false);
      expect(readCommitRecord(longer, sha256).ok).toBe(false);
    }
    expect(readCommitRecord(Uint8Array.from([...bytes, 0x0a]), sha256).ok).toBe(false);
    expect(readCommitRecord(new Uint8Array(), sha256).ok).toBe(false);
  });

  it.each([
    [Uint8Array.from(bytes.slice(0, -1)), "manifest.json is refused: it does not end in the line with its SHA-256; take the backup from a copy, or not at all"],
    [
      Uint8Array.from([0x20, ...bytes.slice(1)]),
      "manifest.json is refused: its SHA-256 is not the one in its last line, so a byte of it was changed; take the backup from a copy, or not at all",
    ],
    [writeRecord(proof, sha256), "manifest.json is refused: it is no record of a backup; take the backup from a copy, or not at all"],
  ])("says in one sentence why it is refused (%#)", (text, because) => {
    expect(readCommitRecord(text, sha256)).toEqual({ ok: false, because });
  });

  it("of a later format is not guessed at", () => {
    // A record of a version that does not exist yet.
    const later = writeRecord({ ...commit, format: 2 } as unknown as CommitRecord, sha256);
    expect(readCommitRecord(later, sha256)).toMatchObject({ ok: false, because: expect.stringContaining("its format is 2, and this version reads format 1") });
  });
});

describe("a proof", () => {
  const of = { record: commit, sha256: sha256(bytes) };

  it("that is damaged does not cost the backup: it says how to make another", () => {
    expect(readProofRecord(writeRecord(proof, sha256).slice(1), sha256)).toEqual({
      ok: false,
      because:
        "proof.json is refused: its SHA-256 is not the one in its last line, so a byte of it was changed; the backup itself may be whole: delete this one file and run `npx nightshift backup verify` on it",
    });
  });

  it("comes back as it was written and proves the commit record that it names", () => {
    expect(readProofRecord(writeRecord(proof, sha256), sha256)).toMatchObject({ ok: true, record: proof });
    expect(proves(proof, of)).toBe(true);
  });

  it.each<[string, Partial<ProofRecord>]>([
    ["names another commit record", { manifestSha256: "d".repeat(64) }],
    ["names another backup", { id: backupId("shop-260315-0200-nightly") }],
    ["names another database", { of: "blog" }],
    ["found a difference", { differences: 1 }],
    ["is suspect", { verdict: "suspect" }],
    ["failed", { verdict: "failed" }],
    ["only restored", { level: "restored" }],
    ["comes from a verifier that was never tried", { selfTests: [] }],
    ["comes from a verifier that saw nothing", { selfTests: [{ damage: "one row deleted", seen: false }] }],
    ["comes from a verifier that missed damage", { selfTests: [...proof.selfTests, { damage: "a bit flipped", seen: false }] }],
  ])("proves nothing when it %s", (_, change) => {
    expect(proves({ ...proof, ...change }, of)).toBe(false);
  });
});
