import type { Breach, EpochMs, StoppedTask, Trigger } from "@nightshift/model";
import { minutes } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { phaseOf } from "../phase.ts";
import type { Seen } from "../seen.ts";
import { ranOutOfMemory } from "../stop-class.ts";

type TaskCrashes = Extract<Trigger, { kind: "task-crashes" }>;
/** Crashes further apart than this are a flaky service's everyday life, not one event. */
const TOGETHER = minutes(10);
/** More than this is never asked for: memory of crashes is bounded, and fifteen dead tasks are proof enough. */
const MOST_ASKED = 15;

/**
 * Tasks of the judged deployment that ended by the code's own fault: at least `atLeast` and `share` of the desired count.
 * Hard while the old revision's tasks stand beside them, in the hot window, or when memory ran out; later, with nothing to
 * compare, a shared cause is as likely and the blame check decides.
 */
export function taskCrashes(trigger: TaskCrashes, seen: Seen): Breach | undefined {
  const crashed = seen.memory.crashed.filter((task) => !guard("platform stops are no crashes", task.cause !== "app") && task.at > seen.now - TOGETHER);
  const desired = desiredCount(seen);
  const wanted = Math.min(MOST_ASKED, Math.max(trigger.atLeast, Math.ceil((desired * trigger.share) / 100)));
  if (crashed.length < wanted) return undefined;
  const first = crashed.reduce<EpochMs>((earliest, task) => (task.at < earliest ? task.at : earliest), seen.now);
  return {
    service: seen.service.name,
    trigger: "task-crashes",
    strength: proven(seen, crashed) ? "hard" : "soft",
    since: first,
    errorShare: undefined,
    says: `${crashed.length} tasks of the new revision crashed (${desired} desired): ${sayReason(crashed)}`,
  };
}

/** How many tasks the service should run, as ECS says or, unread, as were seen. */
const desiredCount = ({ look }: Seen): number => (look.state.ok ? look.state.value.desired : look.judgedRunning + look.olderRunning);

function proven(seen: Seen, crashed: readonly StoppedTask[]): boolean {
  if (2 * crashed.filter((task) => ranOutOfMemory(task.reason)).length >= crashed.length) return true;
  if (seen.look.tasksKnown && seen.look.olderRunning > 0) return true;
  const phase = phaseOf(seen.memory, seen.now, seen.service.windows);
  return phase === "before-exposure" || phase === "hot";
}

function sayReason(crashed: readonly StoppedTask[]): string {
  const last = crashed[crashed.length - 1];
  if (last === undefined) return "no reason given";
  const exits = [...new Set(last.exitCodes.filter((code) => code !== 0))];
  return `${last.reason === "" ? last.code : last.reason}${exits.length === 0 ? "" : ` (exit ${exits.join(", ")})`}`;
}
