import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Evidence } from "@nightshift/ports";
import { need } from "./partial.ts";
import type { Reach } from "./reach.ts";
import { redact } from "./redact.ts";

/**
 * Evidence in a bucket. The text passes the redactor here too, whoever wrote it; S3 checks the hash on arrival, so what
 * stands is what the ledger remembers. Source: "Checking object integrity for data uploads in Amazon S3",
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html, 2026-11-21.
 */
export const evidenceFrom = (reach: Reach, bucket: string): Evidence => ({
  save: (key, text) => put(reach, { bucket, key, body: Buffer.from(redact(text), "utf8"), type: "text/plain; charset=utf-8" }),
  savePicture: (key, png) => put(reach, { bucket, key, body: Buffer.from(png), type: "image/png" }),
  async picture(key) {
    const call = { operation: "s3:GetObject", on: `${bucket}/${key}` };
    const answer = await reach.calls.read(call, async () => (await reach.connections.s3()).send(new GetObjectCommand({ Bucket: bucket, Key: key })));
    return need(call, "Body", answer.Body).transformToByteArray();
  },
});

interface Kept {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
  readonly type: string;
}

async function put({ connections, calls }: Reach, { bucket, key, body, type }: Kept): Promise<{ readonly key: string; readonly sha256: string }> {
  const hash = createHash("sha256").update(body).digest();
  await calls.change({ operation: "s3:PutObject", on: `${bucket}/${key}` }, async () =>
    (await connections.s3()).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: type, ChecksumSHA256: hash.toString("base64") })),
  );
  return { key, sha256: hash.toString("hex") };
}
