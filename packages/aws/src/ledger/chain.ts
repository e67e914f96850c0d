import type { AuditRecord } from "@nightshift/model";
import { sha256 } from "../canonical.ts";
import { sortedJson } from "./json.ts";

/** What stands before the first record of a chain. */
export const GENESIS = "0".repeat(64);

/** A record before its hash is known. */
export type Unhashed = Omit<AuditRecord, "hash">;

/** SHA-256 over every field of a record and the hash before it. */
export const hashOf = ({ chain, seq, key, at, kind, actor, body, previousHash }: Unhashed): string =>
  sha256(sortedJson({ chain, seq, key, at, kind, actor, body, previousHash }));

/** The record with its hash. */
export const hashed = (record: Unhashed): AuditRecord => ({ ...record, hash: hashOf(record) });

/** Whether a stretch of a chain is whole, or the first place where it is not. */
export type ChainVerdict =
  | { readonly kind: "whole"; readonly records: number; readonly head: { readonly seq: number; readonly hash: string } | undefined }
  | { readonly kind: "broken"; readonly seq: number; readonly because: string };

/**
 * Checks records of one chain in any order: no number twice or left out, no content that its hash does not cover, no
 * link that does not fit. A stretch that starts at 1 must start at the beginning of all; one that starts later is
 * checked from there. What it cannot see, a cut-off end, the anchored head shows.
 */
export function verifyChain(records: readonly AuditRecord[]): ChainVerdict {
  const inOrder = records.toSorted((a, b) => a.seq - b.seq);
  let before: AuditRecord | undefined;
  for (const record of inOrder) {
    const fault = faultOf(record, before);
    if (fault !== undefined) return { kind: "broken", seq: record.seq, because: fault };
    before = record;
  }
  return { kind: "whole", records: inOrder.length, head: before === undefined ? undefined : { seq: before.seq, hash: before.hash } };
}

function faultOf(record: AuditRecord, before: AuditRecord | undefined): string | undefined {
  if (hashOf(record) !== record.hash) return `record ${record.seq} was changed after it was written`;
  if (before === undefined) return record.seq === 1 && record.previousHash !== GENESIS ? "record 1 does not start the chain" : undefined;
  if (record.chain !== before.chain) return `record ${record.seq} belongs to the chain ${record.chain}`;
  if (record.seq === before.seq) return `there are two records ${record.seq}`;
  if (record.seq !== before.seq + 1) return `records ${before.seq + 1} to ${record.seq - 1} are missing`;
  return record.previousHash === before.hash ? undefined : `record ${record.seq} does not follow the record before it`;
}
