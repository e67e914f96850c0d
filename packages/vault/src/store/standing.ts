import { type CommitRecord, type ProofRecord, proves, readProofRecord, readRefusalRecord, sayDate } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { sha256 } from "../runner/digest.ts";
import { verdictAt } from "./layout.ts";
import type { StoredObject, StoreReading } from "./store.ts";

/** What the records in a backup's folder come to: the one answer that the list, the status, retention, drills and restores go by. */
export interface Standing {
  /** Everything is there, a proof names this very commit record, and no proof failed after it. */
  readonly proven: boolean;
  /** The proof that is told of: the one that counts, else the newest that can be read. Absent: there is none. */
  readonly proof: ProofRecord | undefined;
  /** Why a proof is refused: it is not what was written. */
  readonly proofRefused: string | undefined;
  /** A proof that failed and that no later one overcame: why, in one sentence. */
  readonly refused: string | undefined;
  /** Keys of all refusals, for the next proof. */
  readonly refusals: readonly string[];
  /** An object that the commit record names is gone, or has another length: which, and what is wrong with it. */
  readonly missing: string | undefined;
}

/** A commit record and the digest of its bytes. */
interface CommitRead {
  readonly record: CommitRecord;
  readonly sha256: string;
}

/** Reads the proofs and refusals among a folder's objects, and looks whether everything is there at its length. */
export async function readStanding(store: StoreReading, commit: CommitRead, objects: readonly Pick<StoredObject, "key" | "bytes">[]): Promise<Standing> {
  const keysOf = (verdict: "proof" | "refusal"): readonly string[] => objects.map(({ key }) => key).filter((key) => verdictAt(key) === verdict);
  const proofs = await Promise.all(keysOf("proof").map(async (key) => readProofRecord(await store.read(key), sha256)));
  const refusals = await Promise.all(keysOf("refusal").map((key) => readRefusal(store, key, commit.sha256)));
  const read = proofs.flatMap((each) => (each.ok ? [each.record] : [])).toSorted((a, b) => b.at - a.at);
  const standing = ({ despite = [] }: Partial<Pick<ProofRecord, "despite">>) =>
    refusals.filter(({ key }) => guard("a failed proof is not forgotten", !despite.includes(key)));
  const missing = missingOf(commit.record, objects);
  const counts = read.find((proof) => standing(proof).length === 0 && proves(proof, commit));
  // A suspect proof overcomes a refusal as well: it was compared, and found equal.
  const told = counts ?? read.find((proof) => standing(proof).length === 0) ?? read[0];
  const [refused] = standing(told ?? {}).toReversed();
  return {
    proven: counts !== undefined && !guard("what is missing is not proven", missing !== undefined),
    proof: told,
    proofRefused: proofs.flatMap((each) => (each.ok ? [] : [each.because]))[0],
    refused: refused?.because,
    refusals: refusals.map(({ key }) => key),
    missing,
  };
}

/** One that cannot be read refuses all the same. One of another commit record does too: nobody else writes into this folder. */
async function readRefusal(store: StoreReading, key: string, manifestSha256: string): Promise<{ readonly key: string; readonly because: string }> {
  const read = readRefusalRecord(await store.read(key), sha256);
  if (!read.ok) return { key, because: `a proof of it failed, and nobody can read why (${read.because})` };
  const { at, because } = read.record;
  const another = read.record.manifestSha256 === manifestSha256 ? "" : " (of another manifest.json)";
  return { key, because: `its proof of ${sayDate(at)} failed${another}: ${because}` };
}

/** A proof of yesterday says nothing about a segment that is gone. */
function missingOf(
  { segments, contents, others }: Pick<CommitRecord, "segments" | "contents" | "others">,
  objects: readonly Pick<StoredObject, "key" | "bytes">[],
): string | undefined {
  const bytesAt = new Map(objects.map(({ key, bytes }) => [key, bytes]));
  const bad = [...segments, contents, ...others].find(({ key, bytes }) => bytesAt.get(key) !== bytes);
  if (bad === undefined) return undefined;
  const there = bytesAt.get(bad.key);
  const name = bad.key.split("/").at(-1) ?? bad.key;
  return there === undefined ? `${name} is missing` : `${name} holds ${there} bytes, and ${bad.bytes} were written`;
}
