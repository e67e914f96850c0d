import type {
  BatchGetImageResponse,
  DescribeImagesResponse,
  DescribeRepositoriesRequest,
  DescribeRepositoriesResponse,
  GetLifecyclePolicyRequest,
  ImageIdentifier,
} from "@aws-sdk/client-ecr";
import type { EpochMs } from "@nightshift/model";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";

interface StoredImage {
  readonly digest: string;
  readonly pushedAt: EpochMs;
  tags: string[];
}

interface ImageQuestion {
  readonly repositoryName?: string;
  readonly imageIds?: readonly ImageIdentifier[];
}

/** The account's private registry: repositories with mutable tags, from which images can be purged. */
export class Registry implements ServiceModule {
  readonly service = "ecr" as const;
  readonly mutating: ReadonlySet<string> = new Set();
  private readonly kernel: Kernel;
  private readonly repositories = new Map<string, StoredImage[]>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY`, as "Amazon ECR private registry" names it (docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html, read 2026-11-21). */
  host(): string {
    return `${this.kernel.accountId}.dkr.ecr.${this.kernel.region}.amazonaws.com`;
  }

  /** Pushes bytes; a tag that pointed elsewhere moves (tags are mutable unless the repository forbids it). */
  push(repository: string, digest: string, tag?: string): void {
    const images = this.repositories.get(repository) ?? [];
    this.repositories.set(repository, images);
    if (tag !== undefined) for (const image of images) image.tags = image.tags.filter((name) => name !== tag);
    let image = images.find((one) => one.digest === digest);
    if (image === undefined) {
      image = { digest, pushedAt: this.kernel.clock.now(), tags: [] };
      images.push(image);
    }
    if (tag !== undefined) image.tags.push(tag);
  }

  /** Deletes the bytes, as a lifecycle policy does. */
  purge(repository: string, digest: string): void {
    const images = this.repositories.get(repository) ?? [];
    this.repositories.set(
      repository,
      images.filter((image) => image.digest !== digest),
    );
    this.kernel.record({ kind: "world", what: "image-purged", about: repository, detail: { digest } });
  }

  /** What pulling `image` gives: the digest, or undefined when the bytes or the tag are gone. Images of other registries are taken as named. */
  pull(image: string): string | undefined {
    const [name, digest] = splitDigest(image);
    const prefix = `${this.host()}/`;
    if (!name.startsWith(prefix)) return digest ?? `sha256:${"0".repeat(64)}`;
    const colon = name.lastIndexOf(":");
    const repository = name.slice(prefix.length, colon > prefix.length ? colon : undefined);
    const images = this.repositories.get(repository) ?? [];
    if (digest !== undefined) return images.find((one) => one.digest === digest)?.digest;
    const tag = colon > prefix.length ? name.slice(colon + 1) : "latest";
    return images.find((one) => one.tags.includes(tag))?.digest;
  }

  handle(operation: string, input: unknown): unknown {
    // The boundary hands over what the typed SDK client was given.
    const asked = input as ImageQuestion;
    if (operation === "DescribeImages") return this.describe(asked);
    if (operation === "BatchGetImage") return this.batchGet(asked);
    if (operation === "DescribeRepositories") return this.describeRepositories(input as DescribeRepositoriesRequest);
    if (operation === "GetLifecyclePolicy") return this.noPolicy(input as GetLifecyclePolicyRequest);
    throw new AwsFault("UnknownOperationException", `The lab's ECR does not know ${operation}`);
  }

  private imagesOf(repository: string): readonly StoredImage[] {
    const images = this.repositories.get(repository);
    if (images === undefined)
      throw new AwsFault(
        "RepositoryNotFoundException",
        `The repository with name '${repository}' does not exist in the registry with id '${this.kernel.accountId}'`,
      );
    return images;
  }

  /** The named repositories, or all; a missing one fails the call (API_DescribeRepositories, docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html, read 2026-11-21). */
  private describeRepositories(asked: DescribeRepositoriesRequest): DescribeRepositoriesResponse {
    const { region, accountId } = this.kernel;
    const names = asked.repositoryNames ?? [...this.repositories.keys()].sort();
    for (const name of names) this.imagesOf(name);
    return {
      repositories: names.map((name) => ({
        repositoryArn: `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
        registryId: accountId,
        repositoryName: name,
        repositoryUri: `${this.host()}/${name}`,
        imageTagMutability: "MUTABLE",
      })),
    };
  }

  /** The lab's repositories have no lifecycle policy: scenarios purge images themselves. */
  private noPolicy(asked: GetLifecyclePolicyRequest): never {
    const name = asked.repositoryName ?? "";
    this.imagesOf(name);
    throw new AwsFault(
      "LifecyclePolicyNotFoundException",
      `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${this.kernel.accountId}'`,
    );
  }

  /** A missing image fails the whole call (API_DescribeImages "ImageNotFoundException", docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html, read 2026-11-21). */
  private describe(asked: ImageQuestion): DescribeImagesResponse {
    const repository = asked.repositoryName ?? "";
    const images = this.imagesOf(repository);
    const chosen =
      asked.imageIds === undefined
        ? images
        : asked.imageIds.map((id) => {
            const found = images.find((image) => matches(image, id));
            if (found === undefined)
              throw new AwsFault(
                "ImageNotFoundException",
                `The image with imageId ${JSON.stringify(id)} does not exist within the repository with name '${repository}'`,
              );
            return found;
          });
    return {
      imageDetails: chosen.map((image) => ({
        registryId: this.kernel.accountId,
        repositoryName: repository,
        imageDigest: image.digest,
        imageTags: [...image.tags],
        imagePushedAt: new Date(image.pushedAt),
        imageSizeInBytes: 61_000_000,
      })),
    };
  }

  /** Missing images are listed in `failures` and the rest answered (API_BatchGetImage, docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html, read 2026-11-21). */
  private batchGet(asked: ImageQuestion): BatchGetImageResponse {
    const repository = asked.repositoryName ?? "";
    const images = this.imagesOf(repository);
    const answer: { images: NonNullable<BatchGetImageResponse["images"]>; failures: NonNullable<BatchGetImageResponse["failures"]> } = {
      images: [],
      failures: [],
    };
    for (const id of asked.imageIds ?? []) {
      const found = images.find((image) => matches(image, id));
      if (found === undefined) answer.failures.push({ imageId: { ...id }, failureCode: "ImageNotFound", failureReason: "Requested image not found" });
      else
        answer.images.push({
          registryId: this.kernel.accountId,
          repositoryName: repository,
          imageId: { imageDigest: found.digest, ...(id.imageTag === undefined ? {} : { imageTag: id.imageTag }) },
          imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
        });
    }
    return answer;
  }
}

const matches = (image: StoredImage, id: ImageIdentifier): boolean =>
  (id.imageDigest === undefined || image.digest === id.imageDigest) && (id.imageTag === undefined || image.tags.includes(id.imageTag));

function splitDigest(image: string): readonly [string, string | undefined] {
  const at = image.indexOf("@");
  return at < 0 ? [image, undefined] : [image.slice(0, at), image.slice(at + 1)];
}
