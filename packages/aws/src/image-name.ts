import { type Digest, digest } from "@nightshift/model";

/** An image reference, taken apart. */
export interface ImageName {
  /** Registry and path without tag and digest. */
  readonly repository: string;
  readonly digest: Digest | undefined;
}

/** Takes `registry:5000/path:tag@sha256:…` apart; a colon before the last slash belongs to the registry's port. */
export function parseImage(image: string): ImageName {
  const at = image.indexOf("@");
  const named = at === -1 ? image : image.slice(0, at);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  return {
    repository: colon === -1 ? named : named.slice(0, colon),
    digest: at === -1 || !isDigest(image.slice(at + 1)) ? undefined : digest(image.slice(at + 1)),
  };
}

/** Whether a text is an OCI SHA-256 digest. */
export const isDigest = (text: string | undefined): text is Digest => text !== undefined && /^sha256:[0-9a-f]{64}$/.test(text);

/** The same image by digest. */
export const pinnedImage = (image: string, by: Digest): string => `${parseImage(image).repository}@${by}`;

/** A private ECR repository, by the account and region in its host name. */
export interface EcrRepository {
  readonly registryId: string;
  readonly region: string;
  readonly name: string;
}

/**
 * The ECR repository an image lives in, or undefined for another registry (public ECR included: it has another API).
 * Source: "Amazon ECR private registry", https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html, 2026-11-21.
 */
export function ecrRepository(image: string): EcrRepository | undefined {
  const match = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\/(.+)$/.exec(parseImage(image).repository);
  const [, registryId, region, name] = match ?? [];
  return registryId === undefined || region === undefined || name === undefined ? undefined : { registryId, region, name };
}
