import type { TaskDefinition } from "@aws-sdk/client-ecs";
import { taskDefinitionArn } from "@nightshift/model";
import type { TaskDefinitions } from "@nightshift/ports";
import { sha256 } from "./canonical.ts";
import { readDefinition } from "./definitions.ts";
import { parseImage } from "./image-name.ts";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

/** Task definitions, read anew each time: only the status of a revision can change, and that is what is asked for. */
export const taskDefinitionsFrom = (reach: Reach): TaskDefinitions => ({
  async describe(arn) {
    const { definition } = await readDefinition(reach, arn);
    return {
      arn: taskDefinitionArn(need({ operation: "ecs:DescribeTaskDefinition", on: arn }, "taskDefinitionArn", definition.taskDefinitionArn)),
      active: definition.status === "ACTIVE",
      pinned: isPinned(definition),
      environment: environmentOf(definition),
    };
  },
});

/** Whether every container's image is named by digest; a definition without containers is not. */
const isPinned = (definition: TaskDefinition): boolean => {
  const containers = definition.containerDefinitions ?? [];
  return containers.length > 0 && containers.every((container) => parseImage(container.image ?? "").digest !== undefined);
};

/** Values never leave this function: a hash of each, cut short, says whether it changed and nothing else that could be looked up later. */
function environmentOf({ containerDefinitions: containers = [] }: TaskDefinition): Readonly<Record<string, string>> {
  const all = containers.flatMap(({ name: container = "", environment = [], secrets = [] }) =>
    [...environment.map(({ name, value }) => [name, value] as const), ...secrets.map(({ name, valueFrom }) => [name, valueFrom] as const)].map(
      ([name = "", value = ""]) => [containers.length > 1 ? `${container}.${name}` : name, sha256(`${container} ${name} ${value}`).slice(0, 12)] as const,
    ),
  );
  return Object.fromEntries(all);
}
