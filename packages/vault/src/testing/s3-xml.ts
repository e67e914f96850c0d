import type { IncomingHttpHeaders } from "node:http";
import { crcFromBase64 } from "../stream/crc64nvme.ts";
import type { Refusal, Version } from "./s3-objects.ts";

const quoted = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const element = (name: string, value: string): string => `<${name}>${quoted(value)}</${name}>`;
const fields = (of: Readonly<Record<string, string>>): string =>
  Object.entries(of)
    .map(([name, value]) => element(name, value))
    .join("");
const document = (name: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;

/** A flat answer. */
export const xml = (name: string, of: Readonly<Record<string, string>>): string => document(name, fields(of));
/** A refusal. */
export const errorXml = ({ code, message }: Refusal): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error>${fields({ Code: code, Message: message })}</Error>`;

// Small, so that every listing of a test that matters has more than one page.
const pageSize = 50;

/** ListObjectVersions, in pages. */
export function versionsXml(all: readonly (Version & { readonly latest: boolean })[], query: URLSearchParams): string {
  const [keyMarker, versionMarker] = [query.get("key-marker") ?? "", query.get("version-id-marker") ?? ""];
  const under = all.filter(({ key }) => key.startsWith(query.get("prefix") ?? ""));
  const begin = keyMarker === "" ? 0 : under.findIndex(({ key, version }) => key === keyMarker && version === versionMarker) + 1;
  const page = under.slice(begin, begin + pageSize);
  const last = page.at(-1);
  const more = begin + page.length < under.length && last !== undefined;
  const listed = page.map(({ key, version, latest, marker, bytes, etag, modified }) => {
    const both = { Key: key, VersionId: version, IsLatest: String(latest), LastModified: new Date(modified).toISOString() };
    return marker ? `<DeleteMarker>${fields(both)}</DeleteMarker>` : `<Version>${fields({ ...both, ETag: `"${etag}"`, Size: String(bytes) })}</Version>`;
  });
  const next = more ? fields({ NextKeyMarker: last.key, NextVersionIdMarker: last.version }) : "";
  return document("ListVersionsResult", `${fields({ IsTruncated: String(more) })}${next}${listed.join("")}`);
}

/** ListObjectsV2, in pages; the token is the last key of the page before. */
export function objectsXml(all: readonly (Version & { readonly latest: boolean })[], query: URLSearchParams): string {
  const after = query.get("continuation-token") ?? "";
  const under = all.filter(({ key, latest, marker }) => latest && !marker && key > after && key.startsWith(query.get("prefix") ?? ""));
  const page = under.slice(0, Math.min(pageSize, Number(query.get("max-keys") ?? pageSize)));
  const last = page.at(-1);
  const more = page.length < under.length && last !== undefined;
  const listed = page.map(({ key, bytes, etag, modified }) => {
    const about = { Key: key, Size: String(bytes), ETag: `"${etag}"`, LastModified: new Date(modified).toISOString() };
    return `<Contents>${fields(about)}</Contents>`;
  });
  const next = more ? fields({ NextContinuationToken: last.key }) : "";
  return document("ListBucketResult", `${fields({ IsTruncated: String(more) })}${next}${listed.join("")}`);
}

/** ListMultipartUploads. */
export function uploadsXml(open: readonly { readonly key: string; readonly id: string; readonly begun: number }[], query: URLSearchParams): string {
  const listed = open
    .filter(({ key }) => key.startsWith(query.get("prefix") ?? ""))
    .map(({ key, id, begun }) => `<Upload>${fields({ Key: key, UploadId: id, Initiated: new Date(begun).toISOString() })}</Upload>`);
  return document("ListMultipartUploadsResult", `${fields({ IsTruncated: "false" })}${listed.join("")}`);
}

const inside = (text: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]?.replaceAll("&quot;", '"').replaceAll("&#34;", '"');

/** What a Complete says. */
export function completionOf(body: string, headers: IncomingHttpHeaders) {
  const [size, crc] = [headers["x-amz-mp-object-size"], headers["x-amz-checksum-crc64nvme"]];
  const listed = [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = ""]) => {
    const ofPart = inside(part, "ChecksumCRC64NVME");
    return {
      number: Number(inside(part, "PartNumber")),
      etag: (inside(part, "ETag") ?? "").replaceAll('"', ""),
      crc64nvme: ofPart === undefined ? undefined : crcFromBase64(ofPart),
    };
  });
  return { listed, bytes: size === undefined ? undefined : Number(size), crc64nvme: crc === undefined ? undefined : crcFromBase64(String(crc)) };
}

/** Until when a retention holds. */
export const retentionOf = (body: string): number => Date.parse(inside(body, "RetainUntilDate") ?? "");
