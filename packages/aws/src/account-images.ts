import { DescribeRepositoriesCommand, GetLifecyclePolicyCommand } from "@aws-sdk/client-ecr";
import type { KnownGoodFacts, LifecycleRule, RepositoryFacts, RevisionRecord } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { imagesFrom } from "./ecr-images.ts";
import { type EcrRepository, ecrRepository, parseImage } from "./image-name.ts";
import type { Reach } from "./reach.ts";

/** The ECR repositories of these images in this region, with mutability and the rules that expire images. @throws {PortError} */
export async function readRepositories(reach: Reach, region: string, images: readonly string[]): Promise<readonly RepositoryFacts[]> {
  const found: RepositoryFacts[] = [];
  for (const uri of new Set(images.map((image) => parseImage(image).repository))) {
    const repository = ecrRepository(uri);
    if (repository !== undefined && repository.region === region)
      found.push({ ...(await describe(reach, repository)), uri, lifecycle: await lifecycleOf(reach, repository) });
  }
  return found;
}

async function describe({ connections, calls }: Reach, { registryId, name }: EcrRepository): Promise<Pick<RepositoryFacts, "name" | "tagMutability">> {
  const answer = await calls.read({ operation: "ecr:DescribeRepositories", on: name }, async () =>
    (await connections.ecr()).send(new DescribeRepositoriesCommand({ registryId, repositoryNames: [name] })),
  );
  return { name, tagMutability: answer.repositories?.[0]?.imageTagMutability ?? "MUTABLE" };
}

async function lifecycleOf({ connections, calls }: Reach, { registryId, name }: EcrRepository): Promise<readonly LifecycleRule[]> {
  const call = { operation: "ecr:GetLifecyclePolicy", on: name };
  try {
    const answer = await calls.read(call, async () => (await connections.ecr()).send(new GetLifecyclePolicyCommand({ registryId, repositoryName: name })));
    return rulesOf(answer.lifecyclePolicyText ?? "{}");
  } catch (error) {
    // LifecyclePolicyNotFoundException: nothing expires.
    if (error instanceof PortError && error.kind === "not-found") return [];
    throw error;
  }
}

/** Source: "Lifecycle policy parameters", https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html, 2026-11-21. */
function rulesOf(text: string): readonly LifecycleRule[] {
  const policy: unknown = JSON.parse(text);
  const rules = at(policy, "rules");
  return (Array.isArray(rules) ? rules : [])
    .filter((rule: unknown) => at(at(rule, "action"), "type") === "expire")
    .map((rule: unknown) => {
      const selection = at(rule, "selection");
      const tagStatus = at(selection, "tagStatus");
      return {
        priority: Number(at(rule, "rulePriority")),
        tagStatus: tagStatus === "tagged" || tagStatus === "untagged" ? tagStatus : "any",
        countType: String(at(selection, "countType")),
        countNumber: Number(at(selection, "countNumber")),
      };
    });
}

const at = (value: unknown, key: string): unknown => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined);

/** Whether the images of revisions that somebody may want back are still there. @throws {PortError} */
export async function readKnownGood(reach: Reach, region: string, known: readonly RevisionRecord[]): Promise<readonly KnownGoodFacts[]> {
  const registry = imagesFrom(reach, region);
  const facts: KnownGoodFacts[] = [];
  for (const { service, identity } of known) {
    const images: KnownGoodFacts["images"][number][] = [];
    for (const { image, digest } of identity.images) {
      if (digest !== undefined) images.push({ repository: parseImage(image).repository, digest, present: await registry.exists(image, digest) });
    }
    facts.push({ service, taskDefinition: identity.taskDefinition, images });
  }
  return facts;
}
