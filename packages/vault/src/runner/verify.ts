import { judgeDay } from "@nightshift/decide/backups/gates";
import { type BackupId, type BackupTimes, ms, percent } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError, type RunEnd } from "@nightshift/ports";
import { checkStructures, damageOf } from "../scratch/amcheck.ts";
import type { Standing } from "../store/standing.ts";
import { assertOn } from "./assertions.ts";
import { type Compare, judgeCopy, sayFirst } from "./differences.ts";
import type { ProofSettings } from "./job.ts";
import { sweepLeftovers } from "./leftovers.ts";
import { findPrograms, toProve } from "./programs.ts";
import { endOf, endOfProof, sizesOf, writeProof, writeRefusal } from "./proof.ts";
import type { Reporter } from "./reporter.ts";
import { type ScratchCopy, withScratchCopy } from "./scratch-copy.ts";
import { type SelfTest, testVerifier } from "./self-test.ts";
import { readDescriptions, readWhole } from "./read-whole.ts";
import { type Committed, DamagedBackup, previousProven, readCommit, readCommitted, standingOf } from "./shelf-reading.ts";
import type { RunnerWorld } from "./world.ts";

/** Which backup is proven, and by what beside the comparison. */
export interface VerifyAsked {
  readonly of: string;
  readonly id: BackupId;
  readonly run: string;
  readonly settings: ProofSettings;
  /** A proof that is there is believed when everything still lies there at its length: for a night that begins again. Else every byte is read back. */
  readonly short?: boolean;
  /** Proves it once more although a proof is there; that proof stays. */
  readonly again?: boolean;
  /** Tests only: another comparison, to show that the verifier notices when its own is broken. */
  readonly compare?: Compare;
  /** Tests only: what digests catch is left to the decoder and the comparison. */
  readonly ignoreDigests?: boolean;
}

/** What came of looking at a copy. */
export interface Examined {
  /** Everything that keeps the backup from being proven, in words; how many there were in all. */
  readonly problems: readonly string[];
  readonly count: number;
  /** Why its contents look wrong although it is equal to its source. */
  readonly doubts: readonly string[];
  readonly findings: readonly string[];
  readonly selfTests: readonly SelfTest[];
  readonly checked: readonly string[];
  readonly times: BackupTimes;
  readonly restoredOn: string;
}

/** Without gates in the config a table may lose all of its rows but not be gone, and nothing need be new. */
const noGates: NonNullable<ProofSettings["gates"]> = { rowDrop: percent(100), fresh: [] };

/**
 * Proves a backup: reads it back from the store, restores it on a throw-away server, compares everything, and shows the verifier damaged copies.
 * Only then `proof.json` is written. One that is proven already is read back and held against every digest, and restored again only if that is asked.
 * A failure is written down beside it: the backup is not proven any more until a later proof succeeds.
 * @throws {DamagedBackup}, or {@link PortError} `invalid`, when what lies in the store is not what was written.
 */
export async function verifyBackup(world: RunnerWorld, asked: VerifyAsked, report: Reporter): Promise<RunEnd> {
  const { of, id } = asked;
  await sweepLeftovers(world, asked);
  const commit = await readCommit(world.store, of, id);
  if (commit === undefined)
    throw new PortError("not-found", "backup:verify", id, `no backup of ${of} is called that in ${world.store.place}, or it was never committed`);
  const standing = await standingOf(world.store, commit);
  const failed = (because: string, differences: readonly string[]) => writeRefusal(world, { asked, manifestSha256: commit.sha256, because, differences });
  try {
    const end = await proveStored(world, { asked, standing, report });
    if (end.state === "failed") await failed(end.because ?? "it differs from its source", end.differences);
    return end;
  } catch (error) {
    // What the store, the disk or a signal did to us says nothing about the backup.
    if (isDamage(error)) await failed(error.message, []);
    throw error;
  }
}

const isDamage = (error: unknown): error is Error =>
  error instanceof DamagedBackup || (error instanceof PortError && error.kind === "invalid" && error.operation === "read");

interface Proving {
  readonly asked: VerifyAsked;
  readonly standing: Standing;
  readonly report: Reporter;
}

async function proveStored(world: RunnerWorld, { asked, standing, report }: Proving): Promise<RunEnd> {
  const { of, id } = asked;
  const { missing, proof } = standing;
  if (guard("what is missing is not proven", missing !== undefined)) throw new DamagedBackup(`${id}: ${missing}; restore another backup`);
  const committed = await readCommitted(world.store, of, id);
  if (committed === undefined) throw new PortError("not-found", "backup:verify", id, "its commit record is gone this moment; look who deletes in the store");
  report.know(sizesOf(committed));
  await world.boundary("verify: begun");
  const believed = proof !== undefined && standing.refused === undefined && proof.manifestSha256 === committed.sha256;
  if (asked.ignoreDigests !== true) await readDescriptions(world.store, committed.record);
  if (believed && asked.again !== true) {
    if (asked.short !== true) await readWhole(world, committed, report);
    return endOfProof(committed, proof, { whole: asked.short !== true });
  }
  const { machine } = world;
  const programs = await findPrograms({ major: committed.contents.server.major, needs: toProve, bin: machine.bin, path: machine.path });
  report.phase("downloading");
  const { withoutExtensions = [], gates = noGates } = asked.settings;
  const copying = {
    committed,
    programs,
    withoutExtensions,
    fresh: gates.fresh,
    report,
    ...(asked.ignoreDigests === undefined ? {} : { ignoreDigests: asked.ignoreDigests }),
  };
  return withScratchCopy(world, copying, async (copy) => {
    const examined = await examineCopy(world, { asked, committed, copy, report });
    const end = endOf(committed, examined);
    await world.boundary("verify: before the proof");
    if (end.state === "verified" || end.state === "suspect") await writeProof(world, { asked, committed, examined, verdict: end.state, standing });
    await world.boundary("verify: after the proof");
    return end;
  });
}

interface Examining {
  readonly asked: VerifyAsked;
  readonly committed: Committed;
  readonly copy: ScratchCopy;
  readonly report: Reporter;
}

async function examineCopy(world: RunnerWorld, { asked, committed, copy, report }: Examining): Promise<Examined> {
  const { withoutExtensions = [], gates = noGates, assertions = [] } = asked.settings;
  const began = world.clock();
  report.phase("comparing");
  const seen = await copy.describe();
  const judge = (manifest: typeof seen) =>
    judgeCopy({
      source: committed.contents,
      copy: manifest,
      withoutExtensions,
      otherLocale: copy.otherLocale,
      ...(asked.compare === undefined ? {} : { compare: asked.compare }),
    });
  const judged = judge(seen);
  const unmet = await assertOn(copy.connect, assertions);
  const amcheck = await checkStructures({ bin: copy.scratch.bin, at: copy.scratch.at(copy.database), jobs: world.machine.cores, signal: world.signal });
  const times = { ...copy.times, compare: ms(world.clock() - began) };
  await world.boundary("verify: compared");
  const all = [...sayFirst(copy.errors), ...sayFirst(judged.differences), ...unmet, ...damageOf(amcheck)];
  const previous = await previousProven(world.store, committed);
  const doubts = judgeDay(previous?.contents, committed.contents, { gates });
  // A copy that differs shows already that the verifier can fail.
  const selfTests =
    all.length > 0
      ? []
      : await (async () => {
          report.phase("testing the verifier");
          const differs = (manifest: typeof seen): boolean => judge(manifest).differences.length > 0;
          return testVerifier({ copy, clean: seen, committed, store: world.store, differs, signal: world.signal });
        })();
  await world.boundary("verify: verifier tested");
  const blind = selfTests.filter((test) => guard("only what was compared is proven", !test.seen)).map(({ damage }) => `the verifier did not see ${damage}`);
  return {
    problems: [...all, ...blind],
    count: copy.errors.length + judged.differences.length + unmet.length + damageOf(amcheck).length + blind.length,
    doubts,
    findings: [...copy.findings, ...judged.findings, ...(amcheck.kind === "not asked" ? [`pg_amcheck was not asked: ${amcheck.because}`] : [])],
    selfTests,
    checked: ["restore", ...judged.checked, ...(assertions.length > 0 ? ["assertions"] : []), ...(amcheck.kind === "sound" ? ["amcheck"] : [])],
    times,
    restoredOn: `PostgreSQL ${seen.server.version}`,
  };
}
