import type { ContainerDefinition, ServiceRevision as EcsServiceRevision, TaskDefinition } from "@aws-sdk/client-ecs";
import { type Identity, identityKey, taskDefinitionArn } from "@nightshift/model";
import { canonicalJson, sha256 } from "./canonical.ts";
import { isDigest, parseImage } from "./image-name.ts";

/** What identifies a revision: what ECS resolved for it, and the task definition it names. */
export interface Identifiable {
  readonly revision: EcsServiceRevision;
  readonly definition: TaskDefinition;
}

/**
 * Works out what makes this revision different from another. Two revisions with the same image bytes, the same task
 * definition content and the same service configuration have the same key, whatever their numbers, tags and families.
 * A digest that ECS has not resolved yet is filed under the image's name: such a key changes once it is.
 */
export function identify({ revision, definition }: Identifiable): Identity {
  const images = imagesOf(revision, definition);
  const taskDefinitionHash = hashTaskDefinition(definition);
  const configHash = hashConfig(revision);
  const named = images.map(({ container, image, digest }) => [container, digest ?? image]);
  return {
    key: identityKey(sha256(canonicalJson([named, taskDefinitionHash, configHash])).slice(0, 32)),
    images,
    taskDefinition: taskDefinitionArn(definition.taskDefinitionArn ?? revision.taskDefinition ?? ""),
    taskDefinitionHash,
    configHash,
  };
}

function imagesOf(revision: EcsServiceRevision, definition: TaskDefinition): Identity["images"] {
  const resolved = new Map((revision.containerImages ?? []).map((image) => [image.containerName, image.imageDigest]));
  return (definition.containerDefinitions ?? [])
    .map(({ name = "", image = "" }) => {
      const seen = resolved.get(name);
      return { container: name, image, digest: isDigest(seen) ? seen : parseImage(image).digest };
    })
    .sort((a, b) => (a.container < b.container ? -1 : 1));
}

// Registration data and what ECS derives from the rest; the family too, so that our pinned copy of a revision is that revision.
const notContent: ReadonlySet<string> = new Set([
  "taskDefinitionArn",
  "family",
  "revision",
  "status",
  "registeredAt",
  "registeredBy",
  "deregisteredAt",
  "deleteRequestedAt",
  "requiresAttributes",
  "compatibilities",
]);
const unorderedInDefinition: ReadonlySet<string> = new Set([
  "containerDefinitions",
  "environment",
  "secrets",
  "secretOptions",
  "portMappings",
  "mountPoints",
  "volumes",
  "volumesFrom",
  "requiresCompatibilities",
  "ulimits",
  "systemControls",
  "resourceRequirements",
  "placementConstraints",
  "environmentFiles",
  "dependsOn",
]);

/** SHA-256 over the content of a task definition: without registration data, family, image tags and digests, and our own labels. */
export function hashTaskDefinition(definition: TaskDefinition): string {
  const content = Object.fromEntries(Object.entries(definition).filter(([field]) => !notContent.has(field)));
  const containers = (definition.containerDefinitions ?? []).map(withoutVersion);
  return sha256(canonicalJson({ ...content, containerDefinitions: containers }, unorderedInDefinition));
}

/** A commit in a label makes no other revision: the digest tells the bytes apart. */
function withoutVersion(container: ContainerDefinition): ContainerDefinition {
  const labels = Object.entries(container.dockerLabels ?? {}).filter(([name]) => !name.startsWith("nightshift."));
  return { ...container, image: parseImage(container.image ?? "").repository, dockerLabels: Object.fromEntries(labels) };
}

const unorderedInConfig: ReadonlySet<string> = new Set([
  "subnets",
  "securityGroups",
  "loadBalancers",
  "serviceRegistries",
  "capacityProviderStrategy",
  "volumeConfigurations",
  "vpcLatticeConfigurations",
]);

/**
 * SHA-256 over what a service revision fixes beside the task definition. `resolvedConfiguration` stays out: it follows
 * traffic shifts. Source: "Amazon ECS service revisions",
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-revision.html, 2026-11-21.
 */
export function hashConfig(revision: EcsServiceRevision): string {
  const {
    capacityProviderStrategy,
    launchType,
    platformVersion,
    platformFamily,
    loadBalancers,
    serviceRegistries,
    networkConfiguration,
    serviceConnectConfiguration,
    volumeConfigurations,
    fargateEphemeralStorage,
    vpcLatticeConfigurations,
  } = revision;
  return sha256(
    canonicalJson(
      {
        capacityProviderStrategy,
        launchType,
        platformVersion,
        platformFamily,
        loadBalancers,
        serviceRegistries,
        networkConfiguration,
        serviceConnectConfiguration,
        volumeConfigurations,
        fargateEphemeralStorage,
        vpcLatticeConfigurations,
      },
      unorderedInConfig,
    ),
  );
}
