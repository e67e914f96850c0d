import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Cluster } from "./cluster.ts";

/** Orders in a megabyte of database (`pg_database_size` less that of an empty one), measured on PostgreSQL 15.18, 2026-11-21. */
const ordersInAMegabyte = 760;

/** Letters in a megabyte of database, measured likewise. */
const lettersInAMegabyte = 1_000;

/**
 * Fills a new database with a shop that has everything: partitions, identities, odd names, large objects, every awkward value. `megabytes`:
 * about so large; `letters`: so many more of long text, which costs a server less to read and to write than the shop's small rows.
 */
export async function createShop(cluster: Cluster, database: string, megabytes: number, letters = 0): Promise<void> {
  await cluster.create(database);
  await cluster.query(database, await readFile(path.join(import.meta.dirname, "shop-schema.sql"), "utf8"));
  const rows = await readFile(path.join(import.meta.dirname, "shop-rows.sql"), "utf8");
  const orders = Math.max(100, Math.round(megabytes * ordersInAMegabyte));
  await cluster.query(
    database,
    rows.replaceAll(/(?<!:):n\b/g, String(orders)).replaceAll(/(?<!:):letters\b/g, String(Math.max(20, Math.round(letters * lettersInAMegabyte)))),
  );
  await cluster.query(database, "analyze");
}
