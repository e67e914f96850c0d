import { mkdir, mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";

/** The top of the checkout. */
const root = path.join(import.meta.dirname, "..", "..", "..");

/** Celery as Debian 12 ships it, and as PyPI does. */
export type CeleryVersion = "5.2" | "5.6";

/** The Python that has that Celery. */
export const pythonOf = (celery: CeleryVersion): string => (celery === "5.2" ? "/usr/bin/python3" : path.join(root, ".venv/celery/bin/python"));

/** Where the application lies that the workers run. */
export const appFolder: string = path.join(import.meta.dirname, "app");

/** A fresh folder for what one server or one test leaves behind, under out/. */
export async function freshFolder(name: string): Promise<string> {
  const parent = path.join(root, "out", "brokers");
  await mkdir(parent, { recursive: true });
  return mkdtemp(path.join(parent, `${name}-`));
}

/** A loopback port that nobody listens on now. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no free port"))));
    });
  });
}
