import {
  type BackupId,
  type BackupRecord,
  type BackupSeries,
  type DatabaseSettings,
  type EpochMs,
  hours,
  type Ms,
  ms,
  sayClock,
  since,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { RunEnding } from "./judge-run.ts";
import { backupIdOf } from "./names.ts";

/** A row that says running, and whose run is gone. */
export interface GoneRun {
  readonly id: BackupId;
  readonly because: string;
  /** What the run said of its end; undefined: nothing. */
  readonly end: RunEnding | undefined;
}

/** What is known before a night begins. */
export interface NightFacts {
  readonly at: EpochMs;
  readonly scheduled: EpochMs;
  readonly series: BackupSeries;
  /** Dumps of this database, oldest first. */
  readonly rows: readonly BackupRecord[];
  /** The RDS instance; undefined where none is named; `gone` where RDS knows none of that name. */
  readonly instance: { readonly status: string; readonly allocatedGiB: number } | "gone" | undefined;
  /** Services that were still being deployed when the wait for them ended. */
  readonly deploying: readonly string[];
  readonly heldBecause: string | undefined;
  /** Rows whose run is gone; absent: none. */
  readonly gone?: readonly GoneRun[];
}

/** The runner shall take a backup. */
export interface TakeNight {
  readonly kind: "take";
  readonly because: readonly string[];
  readonly id: BackupId;
  /** What the runner's task is called: one a backup. */
  readonly run: string;
  /** Whether it is restored and compared tonight. */
  readonly proves: boolean;
  readonly diskGiB: number;
  /** Why it cannot be restored and compared in a task; it is taken all the same, and the night is red. */
  readonly noRoom: string | undefined;
  /** Told after so long; a night may take longer. */
  readonly lateAfter: Ms;
}
/** Nothing is taken, and why. `red`: somebody must know. */
export interface LeaveNight {
  readonly kind: "leave";
  readonly because: readonly string[];
  readonly red: boolean;
}

/** Whether this night's backup is taken now, and how. */
export function decideNight(facts: NightFacts, settings: DatabaseSettings): TakeNight | LeaveNight {
  const { at, rows, instance, heldBecause } = facts;
  const leave = (because: string, red = false): LeaveNight => ({ kind: "leave", because: [because], red });
  const id = backupIdOf({ of: settings.name, scheduled: facts.scheduled, series: facts.series, kind: "dump" });
  const own = rows.find((row) => row.id === id);
  if (own !== undefined && guard("a backup that ended is not taken again", own.state !== "running")) return leave(`${id} is ${own.state} already`);
  if (heldBecause !== undefined && guard("hold at the verdict")) return leave(`nothing is changed inside a hold: ${heldBecause}`);
  const lateAfter = lateAfterOf(rows, settings);
  const running = rows.find((row) => row.state === "running" && row.id !== id && !isGone(facts, row.id) && since(row.scheduled, at) < longestRun);
  if (running !== undefined && guard("one backup of a database at a time"))
    return leave(`${running.id} has been running since ${sayClock(running.scheduled)} UTC, and one backup of a database is enough`);
  if (instance === "gone")
    return leave(
      `RDS knows no instance ${settings.instance ?? ""}: was it renamed or deleted? Put its name right under databases.${settings.name}.instance`,
      true,
    );
  if (instance !== undefined && !isReachable(instance.status))
    return leave(`${settings.instance ?? settings.name} is ${instance.status}, so that nothing can be read from it`, true);
  const proves = isToBeProven(facts, settings);
  const wanted = diskFor(facts);
  const noRoom =
    proves && wanted > MOST_DISK
      ? `restoring it for the proof needs ${wanted} GiB of disk, and a task has ${MOST_DISK} GiB at most: prove it with a monthly drill, or on a machine of your own with npx nightshift backup verify ${id}`
      : undefined;
  // A dump is streamed and needs no room.
  const diskGiB = proves && noRoom === undefined ? wanted : LEAST_DISK;
  return { kind: "take", because: reasons(facts, settings, { proves }), id, run: id, proves, diskGiB, noRoom, lateAfter };
}

const isGone = ({ gone = [] }: Pick<NightFacts, "gone">, id: BackupId): boolean => gone.some((one) => one.id === id);

function reasons(
  { deploying, series, rows, gone = [] }: NightFacts,
  { proveEvery }: DatabaseSettings,
  { proves }: { readonly proves: boolean },
): readonly string[] {
  const newest = rows.findLast((row) => row.state === "verified");
  return [
    series === "nightly" ? "it is its hour" : `a backup was asked for (${series})`,
    ...(newest?.contentsOf === undefined ? ["nothing is proven yet"] : []),
    ...(proves ? [] : [`it is proven every ${proveEvery} nights, and not tonight`]),
    ...gone.map(({ id, because }) => `${id} stood as running, and ${because}`),
    ...(deploying.length === 0 ? [] : [`${deploying.join(", ")} was still being deployed after the wait; the dump gives way to a migration by itself`]),
  ];
}

/** Nothing runs longer: a row that says so was left behind. */
const longestRun = hours(14);
/** A night is late after this, or twice the last one (decision 50). */
const LATE_AFTER = hours(2);

/** How long after its hour a night is late: as the config says, else the larger of two hours and twice the last one's length. */
export function lateAfterOf(rows: readonly BackupRecord[], { maxDuration }: Pick<DatabaseSettings, "maxDuration">): Ms {
  if (maxDuration !== undefined) return maxDuration;
  const last = rows.findLast((row) => row.finished !== undefined && (row.state === "verified" || row.state === "uploaded"));
  return ms(Math.max(LATE_AFTER, last?.finished === undefined ? 0 : 2 * since(last.scheduled, last.finished)));
}

/** Whether a backup of this series is restored and compared, by the dumps before it, oldest first: every one that was asked for, and one of `proveEvery` nights. */
export const isToBeProven = ({ series, rows }: Pick<NightFacts, "series" | "rows">, { proveEvery }: Pick<DatabaseSettings, "proveEvery">): boolean =>
  series !== "nightly" || nightsUnproven(rows) + 1 >= proveEvery;

/** Nights since the newest proof that were taken and not proven. */
function nightsUnproven(rows: readonly BackupRecord[]): number {
  const proven = rows.findLastIndex((row) => row.state === "verified");
  // Without any proof the next one is due at once.
  if (proven < 0) return Number.POSITIVE_INFINITY;
  return rows.slice(proven + 1).filter((row) => row.series === "nightly" && row.state === "uploaded").length;
}

/**
 * Whether a database in this state answers. An unknown state is tried: the dump itself says what is wrong.
 * Source: "Viewing Amazon RDS DB instance status", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html, 2026-11-21.
 */
const isReachable = (status: string): boolean => !silent.has(status);
const silent: ReadonlySet<string> = new Set([
  "creating",
  "deleting",
  "failed",
  "inaccessible-encryption-credentials",
  "inaccessible-encryption-credentials-recoverable",
  "incompatible-network",
  "incompatible-restore",
  "restore-error",
  "starting",
  "stopped",
  "stopping",
]);

/** Fargate gives 20 GiB at least ("Fargate task ephemeral storage", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html, 2026-11-21), and 200 at most. */
const LEAST_DISK = 20;
const MOST_DISK = 200;
/** What the scratch server writes beside the tables: write-ahead log, and indexes while they are sorted. */
const SCRATCH_FACTOR = 1.5;
/** Programs, logs and the downloaded piece at hand. */
const SPARE_GIB = 10;
const GIB = 2 ** 30;

/** The task's disk: room for the restored copy, from the newest known size; before the first night from what the instance has. */
function diskFor({ rows, instance }: NightFacts): number {
  const known = rows.findLast((row) => row.sourceBytes !== undefined)?.sourceBytes;
  const allocated = typeof instance === "object" ? instance.allocatedGiB : 0;
  const gib = known === undefined ? allocated : (known / GIB) * SCRATCH_FACTOR;
  return Math.max(LEAST_DISK, Math.ceil(gib) + SPARE_GIB);
}
