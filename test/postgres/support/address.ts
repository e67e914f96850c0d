import { readAddress } from "@nightshift/vault/runner/address";
import { type Connect, type Connection, connectTo } from "@nightshift/vault/postgres/session";
import type { Cluster } from "./cluster.ts";

/** How our code reaches a database of a cluster. */
export const connectionTo = (cluster: Cluster, database: string, { user = "postgres", name = "nightshift test" } = {}): Connection => ({
  ...readAddress(cluster.url(database, user)),
  name,
});

/** Sessions on a database of a cluster. */
export const sessionsOn = (cluster: Cluster, database: string, as: { readonly user?: string; readonly name?: string } = {}): Connect =>
  connectTo(connectionTo(cluster, database, as));
