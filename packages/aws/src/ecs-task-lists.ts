import { DescribeTasksCommand, type DesiredStatus, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import type { ServiceRef } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { lastPart } from "./ecs-names.ts";
import { allPages, inGroups } from "./pages.ts";
import { refuseFailures } from "./partial.ts";
import type { Reach } from "./reach.ts";

const tasksPerCall = 100;
// 1,000 tasks of each status: more than a service has whose tasks are worth reading one by one.
const taskPages = 10;

/** ARNs of a service's tasks whose desired status is this; those that ECS is stopping count as STOPPED. Source: "ListTasks", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html, 2026-11-21. */
export async function listTasks({ connections, calls }: Reach, ref: ServiceRef, desiredStatus: DesiredStatus): Promise<readonly string[]> {
  const call = { operation: "ecs:ListTasks", on: `${lastPart(ref.cluster)}/${ref.service}` };
  return allPages(call, taskPages, async (nextToken) => {
    const input = {
      cluster: ref.cluster,
      serviceName: ref.service,
      desiredStatus,
      maxResults: tasksPerCall,
      ...(nextToken === undefined ? {} : { nextToken }),
    };
    const answer = await calls.read(call, async () => (await connections.ecs()).send(new ListTasksCommand(input)));
    return { items: answer.taskArns ?? [], next: answer.nextToken };
  });
}

/**
 * A hundred tasks a call. `forgotten: "absent"`: ECS need not know them any more, because they stopped an hour ago or longer.
 * Source: "DescribeTasks", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html, 2026-11-21.
 */
export async function describeTasks(
  reach: Reach,
  ref: ServiceRef,
  { arns, forgotten = "refused" }: { readonly arns: readonly string[]; readonly forgotten?: "refused" | "absent" },
): Promise<readonly Task[]> {
  const call = { operation: "ecs:DescribeTasks", on: `${lastPart(ref.cluster)}/${ref.service}` };
  const tasks: Task[] = [];
  for (const group of inGroups([...new Set(arns)], tasksPerCall)) {
    const answer = await reach.calls.read(call, async () =>
      (await reach.connections.ecs()).send(new DescribeTasksCommand({ cluster: ref.cluster, tasks: [...group] })),
    );
    refuseAsPassing(call, forgotten === "absent" ? answer.failures?.filter(({ reason }) => reason !== "MISSING") : answer.failures);
    tasks.push(...(answer.tasks ?? []));
  }
  return tasks;
}

/** A task that was listed a moment ago and is now missing: the next list will agree with itself, so ask again. */
function refuseAsPassing(call: { readonly operation: string; readonly on: string }, failures: Parameters<typeof refuseFailures>[1]): void {
  try {
    refuseFailures(call, failures);
  } catch (error) {
    if (error instanceof PortError && error.kind === "not-found") throw new PortError("unavailable", call.operation, call.on, error.message, error);
    throw error;
  }
}
