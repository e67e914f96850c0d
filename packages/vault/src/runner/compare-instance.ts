import { judgeSandwich, type SandwichVerdict, sameDivision, sayShare } from "@nightshift/decide/backups/sandwich";
import { type BackupId, type DatabaseManifest, ms, sayClock, sayDate } from "@nightshift/model";
import type { RunEnd, RunnerJob } from "@nightshift/ports";
import { connectTo } from "../postgres/session.ts";
import { type Amcheck, damageOf } from "../scratch/amcheck.ts";
import type { DatabaseAddress } from "./address.ts";
import { assertOn } from "./assertions.ts";
import { checkStructuresOf } from "./check-structures.ts";
import { describeLive } from "./describe-live.ts";
import type { ProofSettings } from "./job.ts";
import type { Reporter } from "./reporter.ts";
import { type Bread, findBread } from "./slice-before.ts";
import type { RunnerWorld } from "./world.ts";

/** A restored instance, and what it is held against. */
export interface CompareInstanceAsked {
  readonly of: string;
  /** The dump whose manifest is of a moment before the copied one: the lower slice of the sandwich. Undefined: the newest that is surely older. */
  readonly before: BackupId | undefined;
  /** Manifests that were taken around the copied moment: they go before the dump and the live database. */
  readonly slices?: RunnerJob["slices"];
  /** The live database: described now, it is the upper slice where none was taken. */
  readonly source: DatabaseAddress;
  /** The copy. */
  readonly target: DatabaseAddress;
  readonly settings: ProofSettings;
}

/**
 * Proves a restored snapshot against a database that went on living (facts/backups.md 3.6): what was equal in a manifest of before and is so in
 * one of after must be equal in the copy. Where none were taken around the snapshot, last night's is the one, and the database as it is now the
 * other. Reads both, changes neither; the source is read by one session, to be gentle, and not at all where the slice after is there.
 * The copy's first whole read is also what brings its blocks from S3: its length is `times.restore`; that of the source's is `times.compare`.
 */
export async function compareInstance(world: RunnerWorld, asked: CompareInstanceAsked, report: Reporter): Promise<RunEnd> {
  const copied = connectTo({ ...asked.target, name: "nightshift compare" }, world.signal);
  const bread = await findBread(world.store, { ...asked, copy: copied });
  const began = world.clock();
  report.phase("comparing");
  const { contents } = bread.before;
  const copy = await describeLive(world, asked.target, { like: contents, phase: "comparing", report, jobs: world.machine.cores });
  const hydrated = world.clock();
  const upper = bread.after !== undefined && sameDivision(contents, bread.after.contents) ? bread.after : undefined;
  const after = upper?.contents ?? (await describeLive(world, asked.source, { like: contents, phase: "comparing", report, jobs: 1 }));
  const read = world.clock();
  const verdict = judgeSandwich({ before: contents, after, copy });
  const unmet = await assertOn(copied, asked.settings.assertions ?? []);
  const amcheck = await checkStructuresOf(world, { target: asked.target, connect: copied, major: copy.server.major });
  const problems = [...verdict.differences, ...unmet, ...damageOf(amcheck)];
  const because = problems[0] ?? verdict.short;
  return {
    // A copy of which too little could be compared was restored, and is not known to be wrong: it is not proven either.
    state: problems.length > 0 ? "failed" : verdict.short === undefined ? "verified" : "restored",
    ...(because === undefined ? {} : { because }),
    contentsOf: contents.at,
    sourceBytes: copy.server.bytes,
    tables: copy.tables.length,
    rows: verdict.rows,
    proven: { rows: Math.min(verdict.provenRows, verdict.rows), tables: verdict.tables.proven, ofTables: verdict.tables.all },
    differences: problems.slice(0, 20),
    findings: [
      sayAgainst(bread, upper),
      sayCoverage(verdict),
      ...sayStructures(amcheck),
      ...bread.complaints,
      ...verdict.undecided.slice(0, 5).map(({ what, rows }) => `not provable: ${what} (${rows} rows)`),
    ],
    structures: amcheck.kind === "not asked" ? "not checked" : amcheck.kind,
    // Apart, because only the first is what a restore waits for.
    times: { restore: ms(hydrated - began), compare: ms(read - hydrated) },
  };
}

function sayAgainst({ before }: Bread, after: Bread["after"]): string {
  const now = "the database as it is now";
  if (before.kind === "slice" && after !== undefined) return `held against the manifests of ${sayMoment(before)} and ${sayMoment(after)}`;
  if (before.kind === "slice") return `held against the manifest of ${sayMoment(before)} and ${now}`;
  return `held against ${before.id} and ${after === undefined ? now : `the manifest of ${sayMoment(after)}`}`;
}
const sayMoment = ({ contents }: { readonly contents: Pick<DatabaseManifest, "at"> }): string => `${sayDate(contents.at)} ${sayClock(contents.at)} UTC`;

/** Damage is said where the differences are. */
function sayStructures(amcheck: Amcheck): readonly string[] {
  switch (amcheck.kind) {
    case "sound":
      return ["pg_amcheck found every table and B-tree sound, with every row in every index"];
    case "not asked":
      return [`tables and indexes were not checked by pg_amcheck: ${amcheck.because}`];
    case "damaged":
      return [];
  }
}

const sayCoverage = ({ coverage, rows, provenRows }: SandwichVerdict): string =>
  `${sayShare(coverage)} of the rows are proven (${provenRows} of ${rows}); the others changed between the two readings`;
