import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Evidence } from "@nightshift/ports";
import { sha256 } from "./canonical.ts";
import type { Reach } from "./reach.ts";
import { redact } from "./redact.ts";

/**
 * Evidence in a bucket. The text passes the redactor here too, whoever wrote it; S3 checks the hash on arrival, so what
 * stands is what the ledger remembers. Source: "Checking object integrity", https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html, 2026-11-21.
 */
export const evidenceFrom = ({ connections, calls }: Reach, bucket: string): Evidence => ({
  async save(key, text) {
    const kept = redact(text);
    const hash = sha256(kept);
    await calls.change({ operation: "s3:PutObject", on: `${bucket}/${key}` }, async () =>
      (await connections.s3()).send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: kept,
          ContentType: "text/plain; charset=utf-8",
          ChecksumSHA256: Buffer.from(hash, "hex").toString("base64"),
        }),
      ),
    );
    return { key, sha256: hash };
  },
});
