import { DescribeTaskDefinitionCommand, type Tag, type TaskDefinition } from "@aws-sdk/client-ecs";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** A task definition with its tags. */
export interface DefinitionWithTags {
  readonly definition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/** Reads one task definition by ARN, or the newest ACTIVE one by family. @throws {PortError} */
export async function readDefinition({ connections, calls }: Reach, name: string): Promise<DefinitionWithTags> {
  const call = { operation: "ecs:DescribeTaskDefinition", on: name };
  const answer = await calls.read(call, async () =>
    (await connections.ecs()).send(new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ["TAGS"] })),
  );
  return { definition: need(call, "taskDefinition", answer.taskDefinition), tags: answer.tags ?? [] };
}

// A watch looks at a handful of revisions; more are read again.
const kept = 40;

/**
 * Reads each revision once: a registered task definition never changes but for its status, and nobody asks this for
 * the status (see `taskDefinitionsFrom`). A failed read is not kept.
 */
export function rememberedDefinitions(reach: Reach): (arn: string) => Promise<DefinitionWithTags> {
  const known = new Map<string, DefinitionWithTags>();
  return async (arn) => {
    const before = known.get(arn);
    if (before !== undefined) return before;
    const read = await readDefinition(reach, arn);
    const oldest = known.size < kept ? undefined : known.keys().next().value;
    if (oldest !== undefined) known.delete(oldest);
    known.set(arn, read);
    return read;
  };
}
