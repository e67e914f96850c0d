import type { RevisionLabels, SchemaWindow } from "@nightshift/model";
import type { TaskDefinition, Tag } from "@aws-sdk/client-ecs";

/**
 * What CI may tell about a revision (decision 12): a tag on the task definition or a Docker label on one of its
 * containers. A tag wins over a label; the first container that carries a label wins over the others.
 */
export const labelNames = {
  commit: { tag: "nightshift:commit", label: "nightshift.commit" },
  pullRequest: { tag: "nightshift:pull-request", label: "nightshift.pull-request" },
  schema: { tag: "nightshift:schema", label: "nightshift.schema" },
} as const;

/** Reads commit, pull request and schema window; what is not there is left out, and a schema that is not `min..head` too. */
export function readLabels(definition: TaskDefinition, tags: readonly Tag[]): RevisionLabels {
  const find = (name: keyof typeof labelNames): string | undefined =>
    tags.find((tag) => tag.key === labelNames[name].tag)?.value ??
    definition.containerDefinitions?.map((container) => container.dockerLabels?.[labelNames[name].label]).find((value) => value !== undefined);
  const commit = find("commit");
  const pullRequest = find("pullRequest");
  const schema = parseSchema(find("schema"));
  return {
    ...(commit === undefined ? {} : { commit }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(schema === undefined ? {} : { schema }),
  };
}

/** `0012..0015`; a single name is a window of one. */
function parseSchema(text: string | undefined): SchemaWindow | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const [min, head, ...rest] = text.trim().split("..");
  if (min === undefined || min === "" || rest.length > 0 || head === "") return undefined;
  return { min, head: head ?? min };
}
