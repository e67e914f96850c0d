import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Patience } from "../store/patience.ts";
import type { StoreOptions } from "../store/open.ts";

/** Waits not at all, by a chance that is the same in every run. */
export const impatient: Patience = { pause: async (_length, signal) => signal?.throwIfAborted(), random: () => 0.5 };

/** Options of a store on a test's own S3 server; the credentials are of nobody. */
export function onServer(endpoint: string): StoreOptions {
  process.env["AWS_ACCESS_KEY_ID"] ??= "local";
  process.env["AWS_SECRET_ACCESS_KEY"] ??= "local";
  return { endpoint, region: "eu-central-1", patience: impatient };
}

/** A new folder under the system's temporary one. */
export const temporaryFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), "ns-vault-"));

/** Bytes of a small generator; they hardly compress, so that a small archive has several parts. */
export function rowsOf(bytes: number, seed = 1): Buffer {
  const rows = Buffer.alloc(bytes);
  let state = seed;
  for (let at = 0; at < bytes; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    rows[at] = at % 8 === 0 ? 0x2c : state >>> 24;
  }
  return rows;
}

/** What a stand-in for pg_dump does after it wrote its file. */
export interface FakeDump {
  readonly bytes: Buffer;
  readonly exit?: number;
  readonly says?: string;
  /** Stays there, silent, until it is ended. */
  readonly hangs?: boolean;
  /** Kills itself. */
  readonly signal?: "SIGKILL";
}
/** A stand-in for pg_dump: a small Node program that writes these bytes and ends as it is told. */
export async function fakeDump({
  bytes,
  exit = 0,
  says = "",
  hangs = false,
  signal,
}: FakeDump): Promise<{ program: string; args: string[]; env: Record<string, string> }> {
  const file = path.join(await temporaryFolder(), "archive");
  await writeFile(file, bytes);
  const end = hangs ? "setInterval(() => {}, 1000)" : signal === undefined ? `process.exitCode = ${exit}` : `process.kill(process.pid, "${signal}")`;
  const script = `
    const fs = require("node:fs");
    const all = fs.readFileSync(process.argv[1]);
    process.stderr.write(${JSON.stringify(says)});
    process.stdout.write(all, () => { ${end} });
  `;
  return { program: process.execPath, args: ["-e", script, file], env: {} };
}
