import { judgeSandwich, type SandwichVerdict } from "@nightshift/decide/backups/sandwich";
import { type BackupId, type DatabaseManifest, ms } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { RunEnd } from "@nightshift/ports";
import { describeDatabase } from "../postgres/describe-database.ts";
import { connectTo, withSession } from "../postgres/session.ts";
import { serverMajor } from "../postgres/server.ts";
import { clientEnvironment, type DatabaseAddress } from "./address.ts";
import { assertOn } from "./assertions.ts";
import { dumpSchema } from "./commit.ts";
import type { ProofSettings } from "./job.ts";
import { findPrograms } from "./programs.ts";
import type { Reporter } from "./reporter.ts";
import { sliceBefore } from "./slice-before.ts";
import { givingWay, type UnderSnapshot, underSnapshot } from "./under-snapshot.ts";
import type { RunnerWorld } from "./world.ts";

/** A restored instance, and what it is held against. */
export interface CompareInstanceAsked {
  readonly of: string;
  /** The dump whose manifest is of a moment before the copied one: the lower slice of the sandwich. Undefined: the newest that is surely older. */
  readonly before: BackupId | undefined;
  /** The live database: described now, it is the upper slice. */
  readonly source: DatabaseAddress;
  /** The copy. */
  readonly target: DatabaseAddress;
  readonly settings: ProofSettings;
}

/**
 * Proves a restored snapshot against a database that went on living (facts/backups.md 3.6): what was equal in last night's manifest and is so
 * now must be equal in the copy. Reads both, changes neither; the source is read by one session, to be gentle.
 * The copy's first whole read is also what brings its blocks from S3: its length is `times.restore`; that of the source's is `times.compare`.
 */
export async function compareInstance(world: RunnerWorld, asked: CompareInstanceAsked, report: Reporter): Promise<RunEnd> {
  const copied = connectTo({ ...asked.target, name: "nightshift compare" }, world.signal);
  const before = await sliceBefore(world.store, { ...asked, copy: copied });
  const began = world.clock();
  report.phase("comparing");
  const { contents } = before;
  const copy = await describe(world, asked.target, { like: contents, report, jobs: world.machine.cores });
  const hydrated = world.clock();
  const after = await describe(world, asked.source, { like: contents, report, jobs: 1 });
  const read = world.clock();
  const verdict = judgeSandwich({ before: contents, after, copy });
  const unmet = await assertOn(copied, asked.settings.assertions ?? []);
  const nothing =
    verdict.rows > 0 && guard("only what was compared is proven", verdict.provenRows === 0)
      ? ["every part of every table changed meanwhile: nothing is proven"]
      : [];
  const problems = [...verdict.differences, ...unmet, ...nothing];
  return {
    state: problems.length > 0 ? "failed" : "verified",
    ...(problems[0] === undefined ? {} : { because: problems[0] }),
    contentsOf: contents.at,
    sourceBytes: copy.server.bytes,
    tables: copy.tables.length,
    rows: verdict.rows,
    differences: problems.slice(0, 20),
    findings: [
      `held against ${before.record.id} and the database as it is now`,
      sayCoverage(verdict),
      ...verdict.undecided.slice(0, 5).map(({ what, rows }) => `not provable: ${what} (${rows} rows)`),
    ],
    // Apart, because only the first is what a restore waits for.
    times: { restore: ms(hydrated - began), compare: ms(read - hydrated) },
  };
}

/** Two decimals, cut off: it is 100.00 % only when nothing is left out. */
const sayCoverage = ({ coverage, rows, provenRows }: SandwichVerdict): string =>
  `${(Math.floor(coverage * 100) / 100).toFixed(2)} % of the rows are proven (${provenRows} of ${rows}); the others changed between the two readings`;

async function describe(
  world: RunnerWorld,
  address: DatabaseAddress,
  { like, report, jobs }: { readonly like: DatabaseManifest; readonly report: Reporter; readonly jobs: number },
): Promise<DatabaseManifest> {
  const name = "nightshift compare";
  const major = await withSession(connectTo({ ...address, name }, world.signal), serverMajor);
  const programs = await findPrograms({ major, needs: ["pg_dump"], bin: world.machine.bin, path: world.machine.path });
  const read = ({ held, connect, signal }: UnderSnapshot): Promise<DatabaseManifest> =>
    describeDatabase({
      connect,
      held,
      like,
      jobs,
      schema: () => dumpSchema({ programs, env: clientEnvironment(address, name), snapshot: held.id, signal }),
      onProgress: ({ doneBytes, bytes }) => report.phase("comparing", bytes === 0 ? {} : { share: doneBytes / bytes }),
      signal,
    });
  return givingWay(world, { of: address.database, report }, () => underSnapshot(world, { ...address, name }, read));
}
