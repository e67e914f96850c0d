import { DescribeImagesCommand } from "@aws-sdk/client-ecr";
import { type Images, PortError } from "@nightshift/ports";
import { ecrRepository } from "./image-name.ts";
import type { Reach } from "./reach.ts";

/**
 * Whether ECR still holds an image's bytes. Another registry, another region and an account that does not let us look
 * give undefined. Source: "DescribeImages", https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html, 2026-11-21.
 */
export const imagesFrom = ({ connections, calls }: Reach, region: string): Images => ({
  async exists(image, digest) {
    const repository = ecrRepository(image);
    if (repository === undefined || repository.region !== region) return undefined;
    const call = { operation: "ecr:DescribeImages", on: `${repository.name}@${digest}` };
    try {
      const answer = await calls.read(call, async () =>
        (await connections.ecr()).send(
          new DescribeImagesCommand({
            registryId: repository.registryId,
            repositoryName: repository.name,
            imageIds: [{ imageDigest: digest }],
          }),
        ),
      );
      return (answer.imageDetails ?? []).some((detail) => detail.imageDigest === digest);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      // ImageNotFoundException and RepositoryNotFoundException: the bytes are gone either way.
      if (error.kind === "not-found") return false;
      if (error.kind === "denied") return undefined;
      throw error;
    }
  },
});
