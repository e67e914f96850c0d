import { guard } from "@nightshift/model/guards";
import { type Draining, type FleetState, since } from "@nightshift/model";
import type { Outlook } from "./outlook.ts";

/** Where each drained worker stands at this look. */
export interface DrainBook {
  /** Still leaving, with what this look found. */
  readonly rows: readonly Draining[];
  /** Found empty at this very look: they may be given up. */
  readonly empty: readonly Draining[];
  /** Took longer than the settings allow: they take work again. */
  readonly stuck: readonly Draining[];
  /** Take work again without having been told to (their process began anew): they are told once more, and counted from then. */
  readonly again: readonly Draining[];
}

/** Reads what the drained workers answered. One that did not answer is not known to be empty; one whose task is gone needs nothing more. */
export function readDrains(o: Outlook): DrainBook {
  if (o.state.draining.length === 0) return NOBODY;
  const rows: Draining[] = [];
  const empty: Draining[] = [];
  const stuck: Draining[] = [];
  const again: Draining[] = [];
  for (const before of o.state.draining) {
    const row = withTask(before, o);
    if (row === undefined) continue;
    const isEmpty = foundEmpty(row, o);
    const now: Draining = { ...row, emptyAt: isEmpty ? (row.emptyAt ?? o.at) : undefined };
    if (isEmpty) empty.push(now);
    else if (since(row.since, o.at) > o.settings.drainAtMost && !isLeaving(row, o)) {
      stuck.push(now);
      continue;
    } else if (consumes(row, o).length > 0) {
      again.push({ ...now, since: o.at, queues: [...new Set([...row.queues, ...consumes(row, o)])] });
      continue;
    }
    rows.push(now);
  }
  return { rows, empty, stuck, again };
}

const NOBODY: DrainBook = { rows: [], empty: [], stuck: [], again: [] };

/** Whether its task is one of those that a scale-in is about to stop. */
export const isLeaving = (row: Draining, o: Outlook): boolean => o.state.lowering?.victims.includes(row.task) === true;

/** The row with its task, as far as tasks were read; undefined: its task is gone, by itself or by a reclaim. */
function withTask(row: Draining, o: Outlook): Draining | undefined {
  const { tasks } = o.fleet;
  const there = tasksThere(o.fleet);
  if (row.task !== "") return there === undefined || there.includes(row.task) || isLeaving(row, o) ? row : undefined;
  if (tasks === undefined) return row;
  const ip = ADDRESS.exec(row.worker)?.[1]?.replaceAll("-", ".");
  const task = tasks.find((one) => ip !== undefined && one.ip === ip && one.status === "running");
  return task === undefined ? row : { ...row, task: task.arn };
}

/** How the host of a node name carries its task's address, as the brokers read it: `celery@ip-10-0-1-23.ec2.internal`, `celery@10.0.1.23`; what stands before the last @ is anybody's. */
const ADDRESS = /@(?:ip-)?(\d+(?:[-.]\d+){3})(?:\.[a-z][^@]*|)$/i;

/** Queues that a drained worker takes from, as it said after it was told: those it was told of, and any that nobody knew of. */
function consumes(row: Draining, o: Outlook): readonly string[] {
  const said = o.observation.drained?.find(({ name }) => name === row.worker);
  return said === undefined || said.at <= row.since || isLeaving(row, o) ? [] : (said.queues ?? []);
}

/** Empty: it said so after it was told to take no more, and holds nothing either; what it did not say is not nothing. */
function foundEmpty(row: Draining, o: Outlook): boolean {
  const said = o.observation.drained?.find(({ name }) => name === row.worker);
  if (said === undefined || guard("only empty workers are given up", consumes(row, o).length > 0)) return false;
  if (guard("empty is seen after the drain", said.at <= row.since)) return false;
  return !guard("only empty workers are given up", said.active !== 0 || said.reserved !== 0 || said.scheduled !== 0);
}

/** ARNs of the tasks that run or start, as far as this look read them; undefined: it read none. Of followed ones it is these alone. */
function tasksThere({ tasks, followed, listed }: FleetState): readonly string[] | undefined {
  const known = followed ?? tasks;
  return known === undefined ? listed : known.filter(({ status }) => status !== "stopping").map(({ arn }) => arn);
}

/** ARNs of every task that runs or starts; undefined: not all of them are known at this look. */
export const allTasksThere = (fleet: FleetState): readonly string[] | undefined => (fleet.followed === undefined ? tasksThere(fleet) : undefined);

/** Every other task: ECS may not stop those. */
export const othersThan = (victims: readonly Draining[], tasks: readonly string[]): readonly string[] => {
  const leaving = new Set(victims.map(({ task }) => task));
  return tasks.filter((arn) => guard("all others are protected", !leaving.has(arn)));
};
