declare module "dynalite" {
  import type { Server } from "node:http";
  /** An in-process server that speaks DynamoDB; holds everything in memory when no path is given. */
  export default function dynalite(options?: { readonly createTableMs?: number; readonly deleteTableMs?: number; readonly updateTableMs?: number }): Server;
}
