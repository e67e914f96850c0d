import { type ProofRecord, proves, type RefusalRecord, sawEveryDamage, sayDate, writeRecord } from "@nightshift/model";
import type { RunEnd } from "@nightshift/ports";
import { keysOf } from "../store/layout.ts";
import { sha256 } from "./digest.ts";
import type { Standing } from "../store/standing.ts";
import type { Committed } from "./shelf-reading.ts";
import type { Examined, VerifyAsked } from "./verify.ts";
import type { RunnerWorld } from "./world.ts";

/** How the run of a proof ended, from what was seen of the copy. */
export function endOf(committed: Committed, examined: Examined): RunEnd {
  const { problems, doubts, selfTests } = examined;
  const state = problems.length > 0 ? "failed" : doubts.length > 0 ? "suspect" : "verified";
  const because = problems[0] ?? doubts[0];
  const blind = selfTests.some(({ seen }) => !seen);
  return {
    ...sizesOf(committed),
    state,
    ...(because === undefined ? {} : { because }),
    differences: problems,
    findings: [...committed.record.findings, ...doubts, ...examined.findings],
    times: { ...committed.record.times, ...examined.times },
    ...(selfTests.length === 0 ? {} : { verifierFails: !blind }),
  };
}

/** How it ended when it was proven before: what that proof says. `whole`: every byte was read back this moment; else only lengths were looked at. */
export function endOfProof(committed: Committed, proof: ProofRecord, { whole }: { readonly whole: boolean }): RunEnd {
  const state = proves(proof, committed) ? "verified" : proof.verdict === "suspect" ? "suspect" : "failed";
  const said = whole
    ? `proven on ${sayDate(proof.at)} by the run ${proof.run}, read back now: whole; nothing was restored this time`
    : `it was proven before, by the run ${proof.run}`;
  return {
    ...sizesOf(committed),
    state,
    ...(proof.because === undefined ? {} : { because: proof.because }),
    differences: proof.firstDifferences,
    findings: [...committed.record.findings, said],
    times: { ...committed.record.times, ...proof.times },
    verifierFails: sawEveryDamage(proof),
    provenAt: proof.at,
  };
}

/** What a committed backup is, for the end of a run. */
export const sizesOf = ({ record }: Pick<Committed, "record">) => ({
  contentsOf: record.contentsOf,
  bytes: record.segments.reduce((sum, segment) => sum + segment.bytes, 0),
  sourceBytes: record.sourceBytes,
  tables: record.tables,
  rows: record.rows,
});

/** Writes the proof, only if there is none: another run that proved the same backup meanwhile is as good. */
export async function writeProof(
  world: RunnerWorld,
  {
    asked,
    committed,
    examined,
    verdict,
    standing,
  }: {
    readonly asked: VerifyAsked;
    readonly committed: Committed;
    readonly examined: Examined;
    readonly verdict: "verified" | "suspect";
    readonly standing: Standing;
  },
): Promise<void> {
  const because = examined.doubts[0];
  const record: ProofRecord = {
    record: "nightshift proof",
    format: 1,
    id: asked.id,
    of: asked.of,
    manifestSha256: committed.sha256,
    run: asked.run,
    at: world.clock(),
    level: "restored-and-compared",
    verdict,
    ...(because === undefined ? {} : { because }),
    differences: examined.count,
    firstDifferences: examined.problems,
    times: examined.times,
    checked: examined.checked,
    selfTests: examined.selfTests,
    restoredOn: examined.restoredOn,
    ...(standing.refusals.length === 0 ? {} : { despite: standing.refusals }),
  };
  const keys = keysOf(asked.of, asked.id);
  const bytes = writeRecord(record, sha256);
  const first = await world.store.put(keys.proof, bytes, { onlyIfAbsent: true });
  // A proof that stands is never written over: one that overcomes a refusal, or stands for one that cannot be read, lies beside it.
  if (first === "taken" && (standing.refusals.length > 0 || standing.proofRefused !== undefined))
    await world.store.put(keys.laterProof(record.at), bytes, { onlyIfAbsent: true });
}

/** Writes down that a proof failed: from now on the backup is not proven, whatever was proven before. */
export async function writeRefusal(
  world: RunnerWorld,
  { asked, manifestSha256, because, differences }: Pick<RefusalRecord, "manifestSha256" | "because" | "differences"> & { readonly asked: VerifyAsked },
): Promise<void> {
  const { of, id, run } = asked;
  const at = world.clock();
  const record: RefusalRecord = { record: "nightshift refusal", format: 1, id, of, manifestSha256, run, at, because, differences };
  await world.store.put(keysOf(of, id).refusal(at), writeRecord(record, sha256), { onlyIfAbsent: true });
}
