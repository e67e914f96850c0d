import { startS3 } from "../../packages/vault/src/testing/s3-server.ts";

// The local S3 of the benchmark in a process of its own, so that neither its time on a processor nor its memory counts as ours.
const { endpoint } = await startS3();
console.log(endpoint);
