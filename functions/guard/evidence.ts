import type { Look, Prepared, WatchMemory } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { GuardWorld } from "./settings.ts";

/** Lines of log kept per failing task, and tasks kept per service: enough to read at 3 a.m. (product.md). */
const LINES = 200;
const TASKS = 2;

/**
 * Saves what a rollback would destroy: stop reasons, the last log lines of failing tasks, the metrics as seen.
 * Runs at the first suspicion, before any action. A log that cannot be read is said so in the file, never a reason to wait.
 */
export async function saveEvidence(
  world: GuardWorld,
  { prepared, look, memory }: { prepared: Prepared; look: Look; memory: WatchMemory },
): Promise<WatchMemory["evidence"]> {
  const parts = [`evidence of ${prepared.key}, look ${memory.looks}, at ${look.at}`, JSON.stringify(look, undefined, 1)];
  for (const member of prepared.members) parts.push(await logsOf(world, member));
  try {
    return await world.evidence.save(`evidence/${prepared.key}.txt`, parts.join("\n\n"));
  } catch (error) {
    if (error instanceof PortError) return { key: `not saved: ${error.message}`, sha256: "" };
    throw error;
  }
}

async function logsOf(world: GuardWorld, member: Prepared["members"][number]): Promise<string> {
  try {
    const tasks = await world.services.tasks(member.ref, member.judged.deployment);
    const failing = [...tasks].sort((a, b) => Number(b.stopped !== undefined) - Number(a.stopped !== undefined)).slice(0, TASKS);
    const parts: string[] = [];
    for (const task of failing) {
      for (const { group, stream } of task.logs) {
        const lines = await world.logs.tail(group, stream, LINES);
        parts.push(`--- ${group} ${stream}${task.stopped === undefined ? "" : ` (stopped: ${task.stopped.reason})`}`, ...lines);
      }
    }
    return parts.join("\n");
  } catch (error) {
    if (error instanceof PortError) return `logs of ${member.ref.service}: ${error.message}`;
    throw error;
  }
}
