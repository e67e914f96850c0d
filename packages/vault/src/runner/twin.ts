import { type BackupId, type EpochMs, epochMs, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError, type RunReport } from "@nightshift/ports";
import { runsUnder } from "../store/layout.ts";
import { isLivingHere } from "./our-process.ts";
import { readReport } from "./reporter.ts";
import type { RunnerWorld } from "./world.ts";

/** A report comes every ten seconds: three that did not come are a run that died, where nobody can look at its process. */
const SILENT = seconds(30);
/** More runs of one backup than anybody starts. */
const MOST = 100;
/** A run that is past these has stored its backup, and another of it finds that. */
const taking: ReadonlySet<RunReport["phase"]> = new Set(["starting", "yielding", "dumping", "uploading"]);

/**
 * Refuses to take a backup that another living run is taking: two would end each other's uploads. Of two that began together the first goes on.
 * @throws {PortError} `conflict` that says since when the other is at work.
 */
export async function refuseTwin(
  world: Pick<RunnerWorld, "store">,
  { of, id, run }: { readonly of: string; readonly id: BackupId; readonly run: string },
): Promise<void> {
  const now = await world.store.clock();
  const { objects } = await world.store.glance(`${runsUnder(of)}${id}`, MOST);
  const progress = objects.filter(({ key }) => key.endsWith("/progress.json"));
  const read = await Promise.all(progress.map(async ({ key, modified }) => ({ modified, report: readReport(await world.store.read(key)) })));
  const own = read.find(({ report }) => report?.run === run)?.report;
  for (const { report, modified } of read) {
    if (report === undefined || report.run === run || report.backup !== id || !taking.has(report.phase) || !isFirst(report, own)) continue;
    if (guard("a living run keeps its uploads", isLiving(report, modified, now)))
      throw new PortError(
        "conflict",
        "backup:take",
        id,
        `another run of the same backup is at work since ${utcOf(report.began ?? report.at)} UTC, so this one did nothing`,
      );
  }
}

const isFirst = (other: RunReport, own: RunReport | undefined): boolean => {
  const [theirs, ours] = [other.began ?? other.at, own?.began ?? own?.at ?? Number.POSITIVE_INFINITY];
  return theirs < ours || (theirs === ours && other.run < (own?.run ?? ""));
};

function isLiving(report: RunReport, modified: EpochMs, now: EpochMs): boolean {
  return isLivingHere(report.process) ?? epochMs(modified + SILENT) > now;
}

const utcOf = (at: EpochMs): string => new Date(at).toISOString().slice(0, 19).replace("T", " ");
