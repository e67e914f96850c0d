import { S3Client } from "@aws-sdk/client-s3";
import { type EpochMs, epochMs, type Ms } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import { type Patience, withPatience } from "./patience.ts";
import { translateS3 } from "./s3-errors.ts";

/** A bucket with a prefix, and how it is spoken to. */
export interface S3Reach {
  readonly client: S3Client;
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  readonly patience: Patience;
  /** What the newest answer said the time is. */
  readonly newestDate: () => EpochMs | undefined;
}

/** Where it is; without an endpoint it is AWS. */
export interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly patience: Patience;
}

/**
 * A client that tries once and checks nothing by itself: we repeat (ten attempts), send our own checksums and compare our own digests; the SDK's
 * would be computed a second time, in JavaScript. A connection that is silent for a minute is broken.
 */
export function reachS3({ bucket, prefix, region, endpoint, patience }: S3Place): S3Reach {
  const client = new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 },
  });
  // Every body carries its own checksum, which S3 compares, so its SHA-256 need not be part of the signature too.
  // A checksum that follows its body would need STREAMING-UNSIGNED-PAYLOAD-TRAILER; ours are known before and are headers.
  // Sources: "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk (AWS Signature Version 4)",
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html; "Signature calculations for trailing headers (chunked uploads)
  // (AWS Signature Version 4)", https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html, 2026-11-21.
  client.middlewareStack.add(
    (next) => (args) => {
      const headers = headersOf(args.request);
      if (headers !== undefined) headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
      return next(args);
    },
    { step: "build", name: "unsignedPayload" },
  );
  let newest: EpochMs | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const date = Date.parse(headersOf(answer.response)?.["date"] ?? "");
      if (Number.isFinite(date)) newest = epochMs(date);
      return answer;
    },
    { step: "deserialize", name: "serverDate", priority: "low" },
  );
  return { client, bucket, prefix, patience, newestDate: () => newest };
}

/** One question to S3, asked until it is answered, fails for good, or ten attempts are spent. */
export interface Question {
  readonly operation: string;
  readonly key: string;
  /** Absent: nothing ends it but its own limit. */
  readonly signal?: AbortSignal | undefined;
  /** A single attempt is broken off after this; absent: only a silent connection is. */
  readonly attemptAtMost?: Ms;
}

/** Asks, and says failures in the words of ports. */
export function askS3<T>(reach: S3Reach, question: Question, send: (options: { abortSignal?: AbortSignal }, attempt: number) => Promise<T>): Promise<T> {
  const { operation, key, signal, attemptAtMost } = question;
  const once = async (attempt: number): Promise<T> => {
    const signals = [...(signal === undefined ? [] : [signal]), ...(attemptAtMost === undefined ? [] : [AbortSignal.timeout(attemptAtMost)])];
    try {
      return await send(signals.length === 0 ? {} : { abortSignal: AbortSignal.any(signals) }, attempt);
    } catch (error) {
      throw translateS3(operation, `s3://${reach.bucket}/${reach.prefix}${key}`, error);
    }
  };
  return withPatience(once, reach.patience, signal);
}

/** A field that S3 always sends. */
export function need<T>(value: T | undefined, operation: string, field: string): T {
  if (value === undefined) throw new PortError("invalid", operation, field, "S3's answer lacks it; is this a server that speaks S3?");
  return value;
}

function headersOf(message: unknown): Record<string, string> | undefined {
  const headers: unknown = typeof message === "object" && message !== null ? Reflect.get(message, "headers") : undefined;
  // HTTP messages of the SDK hold their headers as lower-case names and texts.
  return typeof headers === "object" && headers !== null ? (headers as Record<string, string>) : undefined;
}
