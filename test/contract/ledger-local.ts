import type { AddressInfo } from "node:net";
import dynalite from "dynalite";
import { freshTables } from "./ledger-tables.ts";

/** Both tables on a DynamoDB-compatible engine in this process, empty; `close` ends it. */
export async function localLedger() {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has an address of this shape, not a pipe's name.
  const { port } = server.address() as AddressInfo;
  const tables = await freshTables(
    { endpoint: `http://127.0.0.1:${port}`, region: "eu-central-1", credentials: { accessKeyId: "local", secretAccessKey: "local" } },
    "contract",
  );
  return { ...tables, close: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
}
