import { type BackupId, backupId, epochMs, type SliceSide } from "@nightshift/model";
import type { RunEnd, RunnerJob } from "@nightshift/ports";
import type { DatabaseAddress } from "./address.ts";
import { compareInstance } from "./compare-instance.ts";
import type { ProofSettings } from "./job.ts";
import { withinLimit } from "./limit.ts";
import { runNight, runTake } from "./night.ts";
import type { Reporter } from "./reporter.ts";
import { restoreBackup } from "./restore.ts";
import { type TargetRules, trustedTarget } from "./trusted-target.ts";
import { asRun } from "./run.ts";
import { takeSlice } from "./slice.ts";
import { verifyBackup } from "./verify.ts";
import type { RunnerWorld } from "./world.ts";

/** A job, with what it needs that no payload holds. */
export interface WorkAsked {
  readonly job: RunnerJob;
  /** The role that reads. */
  readonly source: DatabaseAddress;
  /** The role that restores, for the job that does; no other has it. */
  readonly restorer?: DatabaseAddress;
  readonly settings: ProofSettings;
  /** Hosts that a target may be beside the config's own; absent: none. */
  readonly hosts?: TargetRules["hosts"];
  /** See {@link TargetRules}. */
  readonly authorities?: TargetRules["authorities"];
}

/** Carries out a job as a run of its own: reports, an outcome in the store whatever happens, and an end whatever it waits for. */
export function carryOut(world: RunnerWorld, asked: WorkAsked): Promise<RunEnd> {
  const { of, run, backup } = asked.job;
  return asRun(world, { of, run, backup }, (report) => withinLimit(world, asked.job.do, (limited) => work(limited, asked, report)));
}

function work(world: RunnerWorld, { job, source, restorer, settings, hosts = [], authorities }: WorkAsked, report: Reporter): Promise<RunEnd> {
  const { of, run, backup } = job;
  const target = (login: DatabaseAddress): DatabaseAddress => trustedTarget(targetOf(job, login), { own: [source, login], hosts, authorities });
  if (job.do === "compare-instance")
    return compareInstance(
      world,
      { of, before: backup, ...(job.slices === undefined ? {} : { slices: job.slices }), source, target: target(source), settings },
      report,
    );
  const id = named(job);
  const name = { of, id, run, series: job.series ?? "nightly", scheduled: job.scheduled ?? epochMs(world.clock()) } as const;
  const fresh = settings.gates === undefined ? {} : { fresh: settings.gates.fresh };
  switch (job.do) {
    case "night":
      return runNight(world, { ...name, source, settings }, report);
    case "take":
      return runTake(world, { ...name, source, ...fresh }, report);
    case "manifest":
      return takeSlice(world, { of, id, side: sideOf(job), run, source }, report);
    case "verify":
      return verifyBackup(world, { of, id, run, settings }, report);
    case "restore":
      return restoreBackup(
        world,
        { of, id, run, into: target(restorerOf(restorer)), reader: source, withoutExtensions: settings.withoutExtensions ?? [] },
        report,
      );
  }
}

function restorerOf(restorer: DatabaseAddress | undefined): DatabaseAddress {
  if (restorer !== undefined) return restorer;
  throw new Error(
    'The job "restore" has no role that restores (NIGHTSHIFT_RESTORE_URL): the one of the nights only reads. Set restoreUrl for this database and deploy.',
  );
}

function named({ backup, do: what }: Pick<RunnerJob, "backup" | "do">): BackupId {
  if (backup === undefined) throw new Error(`The job "${what}" names no backup.`);
  return backupId(backup);
}

function sideOf({ side, do: what }: Pick<RunnerJob, "side" | "do">): SliceSide {
  if (side !== "before" && side !== "after") throw new Error(`The job "${what}" must say whether it reads "before" or "after" the snapshot.`);
  return side;
}

/** An endpoint (`host`, `host:port`, or either with `/database`), reached with the source's user and password: a restored instance has the same. */
export function targetOf({ target, do: what }: Pick<RunnerJob, "target" | "do">, source: DatabaseAddress): DatabaseAddress {
  const [, host, port, database] = /^([^:/\s]+)(?::(\d{1,5}))?(?:\/([^/\s]+))?$/.exec(target ?? "") ?? [];
  if (host === undefined)
    throw new Error(`The job "${what}" needs a target: an endpoint such as host:5432 or host:5432/database, never a URL with a password.`);
  return { ...source, host, port: port === undefined ? source.port : Number(port), database: database ?? source.database };
}
