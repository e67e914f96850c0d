import {
  type ContainerDefinition,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionRequest,
  type Tag,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { type Identity, taskDefinitionArn, type TaskDefinitionArn } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError } from "@nightshift/ports";
import { sha256 } from "./canonical.ts";
import { type DefinitionWithTags, readDefinition } from "./definitions.ts";
import { isDigest, parseImage, pinnedImage } from "./image-name.ts";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";

// How many of the newest copies are looked at for one that stands already.
const copiesLookedAt = 10;
const longestFamily = 255;
// ECS allows 50 tags; four are ours.
const tagsKept = 46;

/**
 * Registers a copy of `identity`'s task definition with every image by digest, in a family of its own: a new revision
 * in the team's family would be the "latest" that their next deployment is built upon. Asked again with the same key
 * it finds the copy by its tag.
 * @throws {PortError} `invalid` when a digest is not known; nothing is registered then.
 */
export async function registerPinned(reach: Reach, identity: Identity, key: string): Promise<TaskDefinitionArn> {
  const { connections, calls } = reach;
  const call = { operation: "ecs:RegisterTaskDefinition", on: identity.taskDefinition };
  const source = await readDefinition(reach, identity.taskDefinition);
  const containers = (source.definition.containerDefinitions ?? []).map((container) => pin(identity, container));
  const family = pinnedFamily(need(call, "family", source.definition.family));
  const ours = ownTags(identity, key);
  const standing = await findCopy(reach, { family, ours, containers });
  if (standing !== undefined && guard("a copy is registered once")) return standing;
  const answer = await calls.change(call, async () =>
    (await connections.ecs()).send(new RegisterTaskDefinitionCommand(registration(source, { family, containers, tags: ours }))),
  );
  return taskDefinitionArn(need(call, "taskDefinitionArn", answer.taskDefinition?.taskDefinitionArn));
}

/** `nightshift-api` for `api`; a pinned copy's own family stays what it is. */
export const pinnedFamily = (family: string): string => (family.startsWith("nightshift-") ? family : `nightshift-${family}`.slice(0, longestFamily));

function pin(identity: Identity, container: ContainerDefinition): ContainerDefinition {
  const digest = identity.images.find((image) => image.container === container.name)?.digest;
  if (!isDigest(digest)) {
    throw new PortError(
      "invalid",
      "ecs:RegisterTaskDefinition",
      identity.taskDefinition,
      `the digest of container ${container.name ?? "?"} is not known, so no copy can name its bytes`,
    );
  }
  return { ...container, image: pinnedImage(container.image ?? "", digest) };
}

/** The key is hashed: tag values allow fewer characters than keys have. */
const ownTags = (identity: Identity, key: string): readonly Tag[] => [
  { key: "nightshift:owner", value: "nightshift" },
  { key: "nightshift:purpose", value: "rollback" },
  { key: "nightshift:identity", value: identity.key },
  { key: "nightshift:key", value: sha256(key).slice(0, 32) },
];

interface Wanted {
  readonly family: string;
  readonly ours: readonly Tag[];
  readonly containers: readonly ContainerDefinition[];
}

async function findCopy(reach: Reach, wanted: Wanted): Promise<TaskDefinitionArn | undefined> {
  const { connections, calls } = reach;
  const call = { operation: "ecs:ListTaskDefinitions", on: wanted.family };
  const answer = await calls.read(call, async () =>
    (await connections.ecs()).send(new ListTaskDefinitionsCommand({ familyPrefix: wanted.family, status: "ACTIVE", sort: "DESC", maxResults: copiesLookedAt })),
  );
  for (const arn of answer.taskDefinitionArns ?? []) {
    if (isCopy(await readDefinition(reach, arn), wanted)) return taskDefinitionArn(arn);
  }
  return undefined;
}

/**
 * Tags can be put on anything by anybody, so the images are compared too. The list of ACTIVE copies may lag behind a
 * deregistration, so the copy itself must say that it is ACTIVE: no service can be put onto another.
 */
const isCopy = ({ definition, tags }: DefinitionWithTags, { ours, containers }: Wanted): boolean =>
  definition.status === "ACTIVE" &&
  ours.every((own) => tags.some((tag) => tag.key === own.key && tag.value === own.value)) &&
  (definition.containerDefinitions ?? []).length === containers.length &&
  containers.every((container) =>
    definition.containerDefinitions?.some(
      (other) => other.name === container.name && other.image === container.image && parseImage(other.image ?? "").digest !== undefined,
    ),
  );

interface Copy {
  readonly family: string;
  readonly containers: readonly ContainerDefinition[];
  readonly tags: readonly Tag[];
}

/** Every registrable field of the source, and nothing that ECS adds. Source: "RegisterTaskDefinition", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html, 2026-11-21. */
function registration({ definition, tags }: DefinitionWithTags, copy: Copy): RegisterTaskDefinitionRequest {
  const {
    taskRoleArn,
    executionRoleArn,
    networkMode,
    volumes,
    placementConstraints,
    requiresCompatibilities,
    cpu,
    memory,
    pidMode,
    ipcMode,
    proxyConfiguration,
    ephemeralStorage,
    runtimePlatform,
    enableFaultInjection,
  }: TaskDefinition = definition;
  const theirs = tags.filter((tag) => !(tag.key ?? "").startsWith("aws:") && !copy.tags.some((own) => own.key === tag.key)).slice(0, tagsKept);
  return {
    family: copy.family,
    containerDefinitions: [...copy.containers],
    tags: [...theirs, ...copy.tags],
    taskRoleArn,
    executionRoleArn,
    networkMode,
    volumes,
    placementConstraints,
    requiresCompatibilities,
    cpu,
    memory,
    pidMode,
    ipcMode,
    proxyConfiguration,
    ephemeralStorage,
    runtimePlatform,
    enableFaultInjection,
  };
}
