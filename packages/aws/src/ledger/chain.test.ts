import { type AuditRecord, epochMs } from "@nightshift/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GENESIS, hashed, verifyChain } from "./chain.ts";

function chainOf(length: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let seq = 1; seq <= length; seq++) {
    records.push(
      hashed({
        chain: "api",
        seq,
        key: `k${seq}`,
        at: epochMs(seq),
        kind: "intent",
        actor: "guard",
        body: { n: seq, nested: { empty: [], nothing: null } },
        previousHash: records.at(-1)?.hash ?? GENESIS,
      }),
    );
  }
  return records;
}
const edited = (record: AuditRecord | undefined, more: Partial<AuditRecord>): AuditRecord => {
  if (record === undefined) throw new Error("no such record");
  return { ...record, ...more };
};

describe("the audit chain", () => {
  it("a chain as written is whole, in whatever order it is handed over", () => {
    const records = chainOf(3);
    expect(verifyChain(records)).toMatchObject({ kind: "whole", records: 3, head: { seq: 3 } });
    expect(verifyChain(records.toReversed())).toMatchObject({ kind: "whole", records: 3 });
    expect(verifyChain([])).toEqual({ kind: "whole", records: 0, head: undefined });
  });
  it("a stretch from the middle is whole by itself", () => {
    expect(verifyChain(chainOf(5).slice(2))).toMatchObject({ kind: "whole", records: 3 });
  });
  it("the hash of a record is the one that stands in ledgers already written", () => {
    // Worked out with Python: hashlib.sha256 over json.dumps(record, sort_keys=True, separators=(",", ":")).
    expect(chainOf(1)[0]?.hash).toBe("a237447bcf09fa99d6fd435c6cb5d298a22f3ae4ebe9740751f0152160ac6937");
  });
  it.each<[string, Partial<AuditRecord>]>([
    ["body", { body: { n: 2, nested: { empty: [] } } }],
    ["actor", { actor: "somebody" }],
    ["key", { key: "other" }],
    ["moment", { at: epochMs(99) }],
    ["kind", { kind: "outcome" }],
    ["link", { previousHash: GENESIS }],
  ])("a changed %s is found at its record", (_what, change) => {
    const records = chainOf(3);
    expect(verifyChain(records.with(1, edited(records[1], change)))).toEqual({ kind: "broken", seq: 2, because: "record 2 was changed after it was written" });
  });
  it("a record that was left out is named", () => {
    expect(verifyChain(chainOf(4).toSpliced(1, 2))).toEqual({ kind: "broken", seq: 4, because: "records 2 to 3 are missing" });
  });
  it("a record that was replaced with a matching hash does not fit the one after it", () => {
    const records = chainOf(3);
    const { hash: _old, ...rest } = edited(records[1], { actor: "somebody" });
    expect(verifyChain(records.with(1, hashed(rest)))).toEqual({ kind: "broken", seq: 3, because: "record 3 does not follow the record before it" });
  });
  it("two records that changed places are found, although each is whole", () => {
    const records = chainOf(3);
    const swapped = [records[0], edited(records[2], { seq: 2 }), edited(records[1], { seq: 3 })].filter((record) => record !== undefined);
    expect(verifyChain(swapped)).toMatchObject({ kind: "broken", seq: 2 });
  });
  it("a number used twice and a record of another chain are found", () => {
    const records = chainOf(2);
    const { hash: _hash, ...rest } = edited(records[1], { chain: "worker" });
    expect(verifyChain([...records, edited(records[1], {})])).toEqual({ kind: "broken", seq: 2, because: "there are two records 2" });
    expect(verifyChain(records.with(1, hashed(rest)))).toEqual({ kind: "broken", seq: 2, because: "record 2 belongs to the chain worker" });
  });
  it("any single edit of any body is found", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.dictionary(fc.string(), fc.jsonValue()), (at, body) => {
        const records = chainOf(5);
        const victim = edited(records[at - 1], { body });
        return verifyChain(records.with(at - 1, victim)).kind === "broken";
      }),
      { seed: 7, numRuns: 50 },
    );
  });
});
