import type { EcsAccount } from "./account.ts";
import type { TaskRecord } from "./records.ts";

/** Writes lines to the streams of the task's awslogs containers. */
export function writeLog(account: EcsAccount, task: TaskRecord, lines: readonly string[]): void {
  const container = task.revision.taskDefinition.containers[0];
  const options = container?.logConfiguration?.options;
  const group = options?.["awslogs-group"];
  if (group === undefined) return;
  for (const line of lines) account.logs.write({ group, stream: `${options?.["awslogs-stream-prefix"] ?? "ecs"}/${container?.name}/${task.id}` }, line);
}
