import { S3Client } from "@aws-sdk/client-s3";
import type { ClientOptions } from "./options.ts";

/**
 * Makes the client. Buckets stand in the path when an endpoint of one's own is set: a loopback address has no
 * sub-domain for them. A bucket of another region is asked again there, where S3 says so: replicas of media lie elsewhere.
 * Loaded at first use.
 */
export const connectS3 = (options: ClientOptions): S3Client => new S3Client({ ...options, forcePathStyle: ownEndpoint(), followRegionRedirects: true });

const ownEndpoint = (): boolean => (process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL) !== undefined;
