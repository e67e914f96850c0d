import { guard } from "@nightshift/model/guards";
import type { Draining, FleetTask, WorkerReading } from "@nightshift/model";
import { taskOf } from "./fleet.ts";
import type { Outlook } from "./outlook.ts";

/**
 * The workers that can be spared best: those with the least to do; among equals on-demand ones above the base before Spot ones,
 * which cost less, then the newest. On-demand workers of the base stay. Fewer than asked where too few were heard.
 */
export function chooseVictims(o: Outlook, many: number): readonly Draining[] {
  const { heard } = o.crew;
  if (heard === undefined || many <= 0) return [];
  const known = o.fleet.tasks !== undefined;
  const leaving = new Set(o.state.draining.map(({ worker }) => worker));
  const candidates: Candidate[] = [];
  for (const worker of heard) {
    if (worker.ip === undefined || leaving.has(worker.name)) continue;
    // Two nodes on one task: what one of them holds would be killed with the other.
    if (
      guard(
        "only empty workers are given up",
        heard.some(({ ip, name }) => ip === worker.ip && name !== worker.name),
      )
    )
      continue;
    const task = taskOf(worker, o.fleet);
    if (known && task === undefined) continue;
    candidates.push({ worker, task, load: worker.active + (worker.reserved ?? 0) });
  }
  candidates.sort(spareFirst);
  return pick(candidates, many, o);
}

interface Candidate {
  readonly worker: WorkerReading;
  readonly task: FleetTask | undefined;
  readonly load: number;
}

function spareFirst(a: Candidate, b: Candidate): number {
  if (a.load !== b.load) return a.load - b.load;
  const spot = Number(a.task?.spot ?? false) - Number(b.task?.spot ?? false);
  if (spot !== 0) return spot;
  return (b.task?.createdAt ?? 0) - (a.task?.createdAt ?? 0) || (a.worker.name < b.worker.name ? -1 : 1);
}

function pick(candidates: readonly Candidate[], many: number, o: Outlook): readonly Draining[] {
  const { spot } = o.settings;
  let spareOnDemand = Number.POSITIVE_INFINITY;
  if (spot !== undefined) spareOnDemand = Math.max(0, candidates.filter(({ task }) => task?.spot === false).length - spot.onDemandBase);
  const queues = o.settings.queues.map(({ name }) => name);
  const chosen: Draining[] = [];
  for (const { worker, task } of candidates) {
    if (chosen.length >= many) break;
    if (spot !== undefined && task?.spot === false) {
      if (spareOnDemand <= 0) continue;
      spareOnDemand -= 1;
    }
    chosen.push({ worker: worker.name, task: task?.arn ?? "", queues, since: o.at, emptyAt: undefined });
  }
  return chosen;
}

/** Whether victims can be chosen without a list of tasks: as many workers are heard as run, each by its address, so that all are ours. */
export const allAreOurs = (o: Outlook): boolean =>
  o.settings.spot === undefined && o.crew.heard !== undefined && o.crew.heard.length === o.fleet.running && o.crew.heard.every(({ ip }) => ip !== undefined);
