import type { Store } from "./store.ts";

/** How a store is reached; everything is optional. */
export interface StoreOptions {
  /** Absent: AWS_REGION. */
  readonly region?: string;
  /** Absent: AWS_ENDPOINT_URL_S3, then AWS_ENDPOINT_URL, then AWS itself. */
  readonly endpoint?: string;
}

/** The store at `s3://bucket/prefix`, or in a directory (made when it is missing). */
export function openStore(place: string, options: StoreOptions = {}): Store {
  throw new Error(`not yet: ${place} ${String(options.region)}`);
}
