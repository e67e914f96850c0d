import { type Fields, maybeNumber, maybeText } from "../input.ts";
import type { Bucket } from "./bucket.ts";

/** What lies under a prefix now, by key, 1,000 a page ("ListObjectsV2", https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html, 2026-11-21). */
export function listObjects(bucket: Bucket, request: Fields): object {
  const prefix = maybeText(request, "Prefix") ?? "";
  const from = maybeText(request, "ContinuationToken") ?? maybeText(request, "StartAfter") ?? "";
  const keys = bucket.keys().filter((key) => key.startsWith(prefix) && key > from);
  const delimiter = maybeText(request, "Delimiter");
  const folders = delimiter === undefined ? [] : [...new Set(keys.flatMap((key) => folderOf(key, prefix, delimiter)))];
  const files = delimiter === undefined ? keys : keys.filter((key) => folderOf(key, prefix, delimiter).length === 0);
  const page = files.slice(0, maybeNumber(request, "MaxKeys") ?? 1_000);
  const more = page.length < files.length;
  return {
    Contents: page.flatMap((key) => {
      const found = bucket.current(key);
      return found?.bytes === undefined ? [] : [{ Key: key, Size: found.bytes.length, ETag: found.etag, LastModified: new Date(found.at) }];
    }),
    KeyCount: page.length,
    IsTruncated: more,
    ...(folders.length === 0 ? {} : { CommonPrefixes: folders.map((Prefix) => ({ Prefix })) }),
    ...(more ? { NextContinuationToken: page.at(-1) } : {}),
  };
}

const folderOf = (key: string, prefix: string, delimiter: string): readonly string[] => {
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? [] : [key.slice(0, at + delimiter.length)];
};

/** Every version and every delete marker, by key, newest first ("ListObjectVersions", same reference). */
export function listVersions(bucket: Bucket, request: Fields): object {
  const all = bucket.versions(maybeText(request, "Prefix") ?? "");
  const marked = maybeText(request, "KeyMarker");
  const start = marked === undefined ? 0 : all.findIndex(([key, { id }]) => key === marked && id === maybeText(request, "VersionIdMarker")) + 1;
  const page = all.slice(start, start + (maybeNumber(request, "MaxKeys") ?? 1_000));
  const last = page.at(-1);
  const isLatest = (at: number): boolean => all[at - 1]?.[0] !== all[at]?.[0];
  const view = page.map(([Key, { id, bytes, etag, at }], n) => ({
    marker: bytes === undefined,
    entry: {
      Key,
      VersionId: id,
      IsLatest: isLatest(start + n),
      LastModified: new Date(at),
      ...(bytes === undefined ? {} : { ETag: etag, Size: bytes.length }),
    },
  }));
  return {
    Versions: view.filter(({ marker }) => !marker).map(({ entry }) => entry),
    DeleteMarkers: view.filter(({ marker }) => marker).map(({ entry }) => entry),
    IsTruncated: start + page.length < all.length,
    ...(last !== undefined && start + page.length < all.length ? { NextKeyMarker: last[0], NextVersionIdMarker: last[1].id } : {}),
  };
}
