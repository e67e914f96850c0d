/** An image reference taken apart. */
export interface ImageName {
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Takes `host:port/name:tag@sha256:…` apart; without tag and digest Docker means `latest` (Docker CLI reference, "docker image pull", read 2026-11-21). */
export function imageName(image: string): ImageName {
  const [named = "", digest] = image.split("@");
  const slash = named.lastIndexOf("/");
  const colon = named.indexOf(":", slash + 1);
  const repository = colon === -1 ? named : named.slice(0, colon);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  return { repository, digest, tag: tag ?? (digest === undefined ? "latest" : undefined) };
}
