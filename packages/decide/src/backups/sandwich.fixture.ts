import { type DatabaseManifest, epochMs, hashSum, type TableManifest } from "@nightshift/model";

/** A table of these parts: rows and hash of each, as `100:7`. */
export const table = (name: string, parts: readonly string[], over: Partial<TableManifest> = {}): TableManifest => {
  const each = parts.map((part) => ({ rows: Number(part.split(":")[0]), hash: hashSum(part.split(":")[1] ?? "") }));
  return {
    table: name,
    root: name,
    columns: [{ name: "id", type: "bigint" }],
    key: ["id"],
    rows: each.reduce((sum, { rows }) => sum + rows, 0),
    hash: hashSum(parts.join("+")),
    bytes: 8_192,
    parts: { by: "range", column: "id", type: "bigint", speakable: true, bounds: parts.slice(1).map((_, n) => String((n + 1) * 1_000)), each },
    ...over,
  };
};
/** A database of these tables. */
export const manifest = (tables: readonly TableManifest[], over: Partial<DatabaseManifest> = {}): DatabaseManifest => ({
  format: 1,
  server: {
    version: "15.18",
    major: 15,
    database: "shop",
    dataChecksums: true,
    encoding: "UTF8",
    collate: "C",
    ctype: "C",
    localeProvider: "libc",
    inRecovery: false,
    bytes: 1,
  },
  at: epochMs(0),
  tables,
  leftOut: [],
  sequences: [],
  extensions: [],
  largeObjects: { count: 0, hash: hashSum("0") },
  validity: { invalidIndexes: [], notValidated: [], unpopulated: [] },
  roles: [],
  settings: [],
  freshness: [],
  schema: { sha256: "s", objects: [{ object: "TABLE public.orders", digest: "aa" }] },
  ...over,
});
/** A sequence of whole numbers. */
export const sequence = (last: string, lastAfter?: string) => ({
  sequence: "public.orders_id_seq",
  last,
  called: true,
  increment: "1",
  cycles: false,
  ...(lastAfter === undefined ? {} : { lastAfter: { last: lastAfter, called: true } }),
});
