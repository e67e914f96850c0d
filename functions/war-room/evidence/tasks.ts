import { type Evidenced, sayClock, type TaskFacts } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { Gathering } from "./gather.ts";

/** Stop reasons told of (`facts/incidents.md` 7.3). */
const REASONS = 5;
/** Tasks whose logs are read, lines kept of each, and lines shown in the thread. */
const TASKS = 2;
const LINES = 200;
const SHOWN = 6;
/** A line of log in the thread; the file has it whole. */
const WIDTH = 240;

/** Why the last tasks stopped, newest first. Undefined: none stopped in the last hour. */
export async function stoppedTasks({ world, service }: Gathering): Promise<Evidenced | undefined> {
  const stopped = newestStopped(await world.services.tasks({ cluster: service.cluster, service: service.name }));
  if (stopped.length === 0) return undefined;
  const lines = stopped.slice(0, REASONS).map(({ id, stopped: how }) => {
    const codes = how.exitCodes.length === 0 ? "" : `, exit ${how.exitCodes.join(", ")}`;
    return `${sayClock(how.at)}  task ${id.slice(0, 8)} stopped (${how.code}${codes}): ${how.reason}`;
  });
  return { kind: "stopped-tasks", lines: [...lines, ...(stopped.length > REASONS ? [`and ${stopped.length - REASONS} more in the last hour`] : [])] };
}

/** The last lines of the tasks that stopped last (of running ones where none did): all in the file, those that look like trouble in the thread. */
export async function logExcerpt({ world, incident, service }: Gathering): Promise<Evidenced | undefined> {
  const tasks = await world.services.tasks({ cluster: service.cluster, service: service.name });
  const read = [...newestStopped(tasks), ...tasks.filter((task) => task.stopped === undefined)].slice(0, TASKS);
  const all: string[] = [];
  for (const at of read.flatMap((task) => task.logs)) all.push(...(await tailOf(world, at)));
  const lines = all.filter((line) => !line.startsWith("--- "));
  if (lines.length === 0) return undefined;
  const stored = await world.evidence.save(`incidents/${incident.id}/logs.txt`, all.join("\n"));
  const trouble = lines.filter((line) => TROUBLE.test(line));
  const shown = countedOnce(trouble.length === 0 ? lines : trouble)
    .slice(-SHOWN)
    .map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line));
  return {
    kind: "logs",
    lines: [
      `Last ${lines.length} log lines of ${read.length === 1 ? "one task" : `${read.length} tasks`}${trouble.length === 0 ? "" : `, ${trouble.length} of them errors`}:`,
      ...shown,
    ],
    stored: { ...stored, type: "text/plain" },
  };
}

/** Each line once, in the order of its last time, with how often it came. */
function countedOnce(lines: readonly string[]): readonly string[] {
  const times = new Map<string, number>();
  for (const line of lines) {
    const before = times.get(line) ?? 0;
    times.delete(line);
    times.set(line, before + 1);
  }
  return [...times].map(([line, count]) => (count === 1 ? line : `${line} (${count} times)`));
}

/** One stream's end. A task that never wrote a line has no stream: nothing to show, and nothing to say. */
async function tailOf(world: Gathering["world"], { group, stream }: TaskFacts["logs"][number]): Promise<readonly string[]> {
  try {
    return [`--- ${group} ${stream}`, ...(await world.logs.tail(group, stream, LINES))];
  } catch (error) {
    if (error instanceof PortError && error.kind === "not-found") return [];
    throw error;
  }
}

const TROUBLE = /\b(error|exception|fatal|panic|traceback|refused|timed? ?out|denied|killed|out of memory|5\d\d)\b/i;

type Stopped = TaskFacts & { readonly stopped: NonNullable<TaskFacts["stopped"]> };

const newestStopped = (tasks: readonly TaskFacts[]): readonly Stopped[] =>
  // What a deployment or a person asked to stop is no sign of trouble.
  tasks
    .filter((task): task is Stopped => task.stopped !== undefined && task.stopped.cause !== "asked")
    .toSorted((a, b) => b.stopped.at - a.stopped.at || (a.id < b.id ? -1 : 1));
