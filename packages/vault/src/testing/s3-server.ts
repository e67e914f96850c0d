import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { crc64nvme, crcFromBase64, crcToBase64 } from "../stream/crc64nvme.ts";
import { type Blob, Bucket, Refusal, type Version } from "./s3-objects.ts";
import { completionOf, errorXml, objectsXml, retentionOf, uploadsXml, versionsXml, xml } from "./s3-xml.ts";

/** A request as a fault is decided by. */
export interface S3Request {
  readonly method: string;
  readonly key: string;
  /** `UploadPart`, `CompleteMultipartUpload`, … */
  readonly operation: string;
  /** Counts requests of the server, from 1. */
  readonly number: number;
}
/**
 * What goes wrong: `503` at the door; `reset` in the middle of the body; `lost`: it is done, and the connection breaks before the answer;
 * `slow`: after a tenth of a second; `cut`: half of the answer, then the connection breaks.
 */
export type S3Fault = "503" | "reset" | "lost" | "slow" | "cut";

/** How the server behaves. */
export interface S3Settings {
  readonly versioned?: boolean;
  /** Object Lock; needs versions. */
  readonly locks?: boolean;
  readonly fault?: (request: S3Request) => S3Fault | undefined;
  readonly now?: () => number;
  readonly port?: number;
}
/** A server that speaks as much S3 as the store asks for, and is as strict as S3. */
export interface S3Server {
  readonly endpoint: string;
  readonly bucket: Bucket;
  /** Operations in the order in which they came. */
  readonly operations: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts one on a free loopback port, with one bucket of any name. Bodies go to disk as they come. It refuses what S3 refuses: a wrong checksum, length,
 * part or condition, a locked version; and more: a body or a Complete without a checksum, because ours always have one.
 */
export async function startS3({ versioned = false, locks = false, fault = () => undefined, now = Date.now, port = 0 }: S3Settings = {}): Promise<S3Server> {
  const folder = await mkdtemp(path.join(tmpdir(), "ns-s3-"));
  const bucket = new Bucket({ versioned, locks, now });
  const operations: string[] = [];
  const server = createServer((request, response) => {
    const asked = readRequest(request);
    operations.push(asked.operation);
    const wrong = fault({ method: asked.method, key: asked.key, operation: asked.operation, number: operations.length });
    response.setHeader("date", new Date(now()).toUTCString());
    serve({ ...asked, folder, bucket, wrong }, request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      const refusal = error instanceof Refusal ? error : new Refusal(500, "InternalError", String(error));
      request.resume();
      response.writeHead(refusal.status, { "content-type": "application/xml" });
      response.end(asked.method === "HEAD" ? undefined : errorXml(refusal));
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    // A server that listens on TCP has such an address.
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    operations,
    async stop() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Asked {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly operation: string;
}
interface Served extends Asked {
  readonly folder: string;
  readonly bucket: Bucket;
  readonly wrong: S3Fault | undefined;
}

function readRequest(request: IncomingMessage): Asked {
  const url = new URL(request.url ?? "/", "http://s3");
  const [, , ...parts] = url.pathname.split("/");
  const [method, key] = [request.method ?? "GET", decodeURIComponent(parts.join("/"))];
  return { method, key, query: url.searchParams, operation: operationOf(method, key, url.searchParams) };
}

function operationOf(method: string, key: string, query: URLSearchParams): string {
  if (key === "") return query.has("versions") ? "ListObjectVersions" : query.has("uploads") ? "ListMultipartUploads" : "ListObjectsV2";
  if (method === "PUT") return query.has("partNumber") ? "UploadPart" : query.has("retention") ? "PutObjectRetention" : "PutObject";
  if (method === "POST") return query.has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
  if (method === "DELETE") return query.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
  return method === "HEAD" ? "HeadObject" : "GetObject";
}

async function serve(asked: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.authorization === undefined) throw new Refusal(403, "AccessDenied", "the request is not signed");
  if (asked.wrong === "503") throw new Refusal(503, "SlowDown", "Please reduce your request rate.");
  if (asked.wrong === "reset") {
    request.resume();
    await Promise.race([once(request, "data"), once(request, "end")]);
    return void request.socket.destroy();
  }
  if (asked.wrong === "slow") await pause(100);
  const answer = await answerOf(asked, request);
  if (asked.wrong === "lost") return void request.socket.destroy();
  response.writeHead(answer.status ?? 200, answer.headers ?? {});
  if (answer.version === undefined) return void response.end(answer.body);
  await sendVersion(response, { version: answer.version, from: answer.from ?? 0, cut: asked.wrong === "cut" });
}

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly version?: Version;
  readonly from?: number;
}

async function answerOf(asked: Served, request: IncomingMessage): Promise<Answer> {
  const { bucket, key, query } = asked;
  const [uploadId, version] = [query.get("uploadId") ?? "", query.get("versionId") ?? undefined];
  const onlyIfAbsent = request.headers["if-none-match"] === "*";
  switch (asked.operation) {
    case "PutObject":
      return { headers: written(bucket.put(key, await receive(asked, request), onlyIfAbsent)) };
    case "CreateMultipartUpload": {
      const [algorithm, type] = [request.headers["x-amz-checksum-algorithm"], request.headers["x-amz-checksum-type"]];
      if (algorithm !== "CRC64NVME" || type !== "FULL_OBJECT") throw new Refusal(400, "InvalidRequest", "the checksum is to be a CRC64NVME of the full object");
      return { body: xml("InitiateMultipartUploadResult", { Bucket: "bucket", Key: key, UploadId: bucket.begin(key) }) };
    }
    case "UploadPart": {
      const blob = await receive(asked, request);
      bucket.part(uploadId, Number(query.get("partNumber")), blob);
      return { headers: { etag: `"${blob.etag}"`, "x-amz-checksum-crc64nvme": crcToBase64(blob.crc64nvme) } };
    }
    case "CompleteMultipartUpload": {
      const done = bucket.complete(uploadId, { ...completionOf(await textOf(request), request.headers), onlyIfAbsent });
      return { headers: written(done), body: xml("CompleteMultipartUploadResult", { Bucket: "bucket", Key: key, ETag: `"${done.etag}"` }) };
    }
    case "AbortMultipartUpload":
      bucket.abort(uploadId);
      return { status: 204 };
    case "DeleteObject":
      bucket.remove(key, version, request.headers["if-match"]?.replaceAll('"', ""));
      return { status: 204 };
    case "PutObjectRetention":
      bucket.retain(key, version, retentionOf(await textOf(request)));
      return {};
    case "ListObjectVersions":
      return { body: versionsXml(bucket.all(), query) };
    case "ListObjectsV2":
      return { body: objectsXml(bucket.all(), query) };
    case "ListMultipartUploads":
      return { body: uploadsXml(bucket.openUploads(), query) };
    default:
      return read(asked, request, bucket.find(key, version));
  }
}

function read(asked: Served, request: IncomingMessage, version: Version): Answer {
  const wanted = request.headers["if-match"]?.replaceAll('"', "");
  if (wanted !== undefined && wanted !== version.etag) throw new Refusal(412, "PreconditionFailed");
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (from > 0 && from >= version.bytes) throw new Refusal(416, "InvalidRange");
  const headers = {
    ...written(version),
    "content-length": String(version.bytes - from),
    "last-modified": new Date(version.modified).toUTCString(),
    ...(version.lockedUntil === undefined
      ? {}
      : { "x-amz-object-lock-mode": "GOVERNANCE", "x-amz-object-lock-retain-until-date": new Date(version.lockedUntil).toISOString() }),
  };
  return { status: from > 0 ? 206 : 200, headers, ...(asked.method === "HEAD" ? {} : { version, from }) };
}

const written = (version: Version): Record<string, string> => ({
  etag: `"${version.etag}"`,
  "x-amz-checksum-crc64nvme": crcToBase64(version.crc64nvme),
  "x-amz-checksum-type": "FULL_OBJECT",
  ...(version.version === "null" ? {} : { "x-amz-version-id": version.version }),
});

/** A body to disk, digested on the way; nothing of a wrong one is kept. */
async function receive(asked: Served, request: IncomingMessage): Promise<Blob> {
  const [sha256, crc] = [request.headers["x-amz-checksum-sha256"], request.headers["x-amz-checksum-crc64nvme"]];
  if (sha256 === undefined && crc === undefined) throw new Refusal(400, "InvalidRequest", "the body comes without a checksum");
  const file = path.join(asked.folder, randomUUID());
  const [hash, out] = [createHash("sha256"), createWriteStream(file)];
  let [bytes, seen] = [0, "0000000000000000"];
  for await (const chunk of request) {
    // A request without an encoding gives buffers.
    const body = chunk as Buffer;
    bytes += body.length;
    seen = crc64nvme(body, seen);
    if (sha256 !== undefined) hash.update(body);
    if (!out.write(body)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
  if (bytes !== Number(request.headers["content-length"])) throw new Refusal(400, "IncompleteBody");
  if ((crc !== undefined && crcFromBase64(String(crc)) !== seen) || (sha256 !== undefined && hash.digest("base64") !== sha256)) {
    await rm(file, { force: true });
    throw new Refusal(400, "BadDigest", "The checksum you specified did not match what we received.");
  }
  return { file, bytes, crc64nvme: seen, etag: `${seen}${String(bytes).padStart(8, "0")}` };
}

async function sendVersion(response: ServerResponse, sent: { readonly version: Version; readonly from: number; readonly cut: boolean }): Promise<void> {
  await pipeline(bytesOf(sent), response, { end: !sent.cut });
  if (sent.cut) response.destroy();
}

async function* bytesOf({ version, from, cut }: { readonly version: Version; readonly from: number; readonly cut: boolean }): AsyncGenerator<Buffer> {
  let skip = from;
  let left = cut ? Math.floor((version.bytes - from) / 2) : Number.POSITIVE_INFINITY;
  for (const blob of version.blobs) {
    if (skip >= blob.bytes) {
      skip -= blob.bytes;
      continue;
    }
    for await (const chunk of createReadStream(blob.file, { start: skip, highWaterMark: 256 * 1_024 })) {
      // A file without an encoding gives buffers.
      const body = (chunk as Buffer).subarray(0, left);
      left -= body.length;
      yield body;
      if (left === 0) return;
    }
    skip = 0;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // A request without an encoding gives buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
