import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Cluster } from "./cluster.ts";

/** Orders in a megabyte of database (`pg_database_size` less that of an empty one), measured on PostgreSQL 15.18, 2026-11-21. */
const ordersInAMegabyte = 760;

/** Fills a new database with a shop that has everything: partitions, identities, odd names, large objects, every awkward value. `megabytes`: about so large. */
export async function createShop(cluster: Cluster, database: string, megabytes: number): Promise<void> {
  await cluster.create(database);
  await cluster.query(database, await readFile(path.join(import.meta.dirname, "shop-schema.sql"), "utf8"));
  const rows = await readFile(path.join(import.meta.dirname, "shop-rows.sql"), "utf8");
  await cluster.query(database, rows.replaceAll(/(?<!:):n\b/g, String(Math.max(100, Math.round(megabytes * ordersInAMegabyte)))));
  await cluster.query(database, "analyze");
}
