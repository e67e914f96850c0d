import path from "node:path";
import { PortError } from "@nightshift/ports";
import { openFolder } from "./folder.ts";
import { type Patience, patience } from "./patience.ts";
import { s3Deleting } from "./s3-deleting.ts";
import { reachS3 } from "./s3-reach.ts";
import { s3Reading } from "./s3-reading.ts";
import { s3Writing } from "./s3-writing.ts";
import type { Store } from "./store.ts";

/** How a store is reached; everything is optional. */
export interface StoreOptions {
  /** Absent: AWS_REGION, then AWS_DEFAULT_REGION. */
  readonly region?: string;
  /** Absent: AWS_ENDPOINT_URL_S3, then AWS_ENDPOINT_URL, then AWS itself. */
  readonly endpoint?: string;
  /** How waiting and chance come in; absent: real ones. */
  readonly patience?: Patience;
}

/**
 * The store at `s3://bucket/prefix`, or in a directory (made when it is missing). Credentials come as they always do for AWS.
 * Source: "Service-specific endpoints", https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html, 2026-11-21.
 * @throws {PortError} `invalid` when the place is neither.
 */
export function openStore(place: string, options: StoreOptions = {}): Store {
  if (!place.startsWith("s3://")) {
    if (place === "" || /^[a-z][a-z0-9+.-]*:/i.test(place))
      throw new PortError(
        "invalid",
        "open",
        JSON.stringify(place),
        `a store is s3://bucket/prefix (in small letters) or a directory${/^[^/]+$/.test(place) ? `; write ./${place} if a directory is called that` : ""}`,
      );
    return openFolder(path.resolve(place));
  }
  const [, bucket, rest = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(place) ?? [];
  if (bucket === undefined) throw new PortError("invalid", "open", JSON.stringify(place), "the bucket's name is missing: s3://bucket/prefix");
  const prefix = rest === "" || rest.endsWith("/") ? rest : `${rest}/`;
  const endpoint = options.endpoint ?? fromEnvironment("AWS_ENDPOINT_URL_S3") ?? fromEnvironment("AWS_ENDPOINT_URL");
  const region = options.region ?? fromEnvironment("AWS_REGION") ?? fromEnvironment("AWS_DEFAULT_REGION") ?? (endpoint === undefined ? undefined : "us-east-1");
  const reach = reachS3({ bucket, prefix, region, endpoint, patience: options.patience ?? patience });
  const reading = s3Reading(reach);
  return { ...reading, ...s3Writing(reach, reading), ...s3Deleting(reach, reading) };
}

/** An empty variable is none. */
const fromEnvironment = (name: string): string | undefined => process.env[name] || undefined;
