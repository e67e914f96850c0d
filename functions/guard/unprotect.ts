import type { ServiceRef } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { Mutation, MutationOutcome, Run } from "@nightshift/runtime";
import type { GuardWorld } from "./settings.ts";

/**
 * Takes back what the scaler protects on a service, so that a rollback may stop those tasks: ECS does not stop a protected task for a
 * deployment ("Task scale-in protection", https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html,
 * 2026-11-21). Only the scaler's own: what an app protects by itself is its owner's word. A failure is on record and holds nothing
 * up: protection ends by itself within minutes. Undefined: nothing is protected.
 */
export async function unprotectWorkers(run: Run<GuardWorld>, ref: ServiceRef, epoch: number): Promise<MutationOutcome<"free"> | undefined> {
  const tasks = await run.step(`look whom the scaler protects on ${ref.service}`, (world) => protectedNow(world, ref));
  return tasks.length === 0 ? undefined : run.mutate(free(ref, tasks, epoch));
}

/** A row that cannot be read holds no rollback up: then nothing is known to be protected. */
async function protectedNow({ scalingBook }: GuardWorld, { service }: ServiceRef): Promise<readonly string[]> {
  try {
    const { state } = await scalingBook.read(service);
    return state?.lowering?.protectedTasks ?? [];
  } catch (error) {
    if (error instanceof PortError) return [];
    throw error;
  }
}

const free = (ref: ServiceRef, tasks: readonly string[], epoch: number): Mutation<GuardWorld, "free"> => ({
  name: `take back the protection of ${tasks.length} tasks of ${ref.service}`,
  service: ref.service,
  intent: { tasks },
  epoch,
  // Two attempts: traffic waits for this rollback.
  attempts: 2,
  look: async () => ({ kind: "go" }),
  call: async (world) => {
    await world.scaling.unprotect(ref, tasks);
    return "free";
  },
});
