import { type DatabaseManifest, epochMs, hashSum } from "@nightshift/model";

/** A table of 5,000 orders in three parts. */
export const ordersTable: DatabaseManifest["tables"][number] = {
  table: "shop.orders",
  root: "shop.orders",
  columns: [
    { name: "at", type: "timestamp with time zone" },
    { name: "id", type: "bigint" },
  ],
  key: ["id"],
  rows: 5_000,
  hash: hashSum("57"),
  bytes: 1_000_000,
  parts: {
    by: "range",
    column: "id",
    type: "bigint",
    speakable: true,
    bounds: ["2001", "4001"],
    each: [
      { rows: 2_000, hash: hashSum("100") },
      { rows: 2_000, hash: hashSum("-50") },
      { rows: 1_000, hash: hashSum("7") },
    ],
  },
};

/** A small database, as a dump's manifest tells it. */
export const manifest: DatabaseManifest = {
  format: 1,
  server: {
    version: "15.18",
    major: 15,
    database: "shop",
    dataChecksums: true,
    encoding: "UTF8",
    collate: "en_US.UTF-8",
    ctype: "en_US.UTF-8",
    localeProvider: "libc",
    inRecovery: false,
    bytes: 2_000_000,
  },
  at: epochMs(1_795_226_400_000),
  lsn: "0/16B3748",
  tables: [ordersTable],
  leftOut: [],
  sequences: [],
  extensions: [{ name: "hstore", version: "1.8" }],
  largeObjects: { count: 2, hash: hashSum("5") },
  validity: { invalidIndexes: [], notValidated: [], unpopulated: [] },
  roles: ["shop"],
  settings: [{ role: undefined, name: "search_path", value: "shop" }],
  freshness: [{ table: "shop.orders", column: "at", newest: epochMs(1_795_226_340_000) }],
  schema: {
    sha256: "a",
    objects: [
      { object: "INDEX shop.i", digest: "2" },
      { object: "TABLE shop.orders", digest: "1" },
    ],
  },
};
