import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** The top of the checkout. */
export const root: string = path.join(import.meta.dirname, "..");

/** Where the development tools are; each is run with the Node that runs this. */
export const tools = {
  biome: "node_modules/@biomejs/biome/bin/biome",
  knip: "node_modules/knip/bin/knip.js",
  sst: "node_modules/sst/bin/sst.mjs",
  tsc: "node_modules/typescript/bin/tsc",
  vitest: "node_modules/vitest/vitest.mjs",
} as const;

/** How a child process ended. */
export interface Ended {
  readonly code: number;
  /** What it wrote, both streams in order; empty when it wrote to our terminal. */
  readonly said: string;
  readonly seconds: number;
}

/** Runs `node ARGS…` at the top of the checkout. `show: true` lets it write to our terminal; otherwise what it says is kept. */
export function runNode(args: readonly string[], options: { readonly show: boolean; readonly env?: Readonly<Record<string, string>> }): Promise<Ended> {
  const began = performance.now();
  const child = spawn(process.execPath, ["--no-warnings", ...args], {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: options.show ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  const said: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => said.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, said: Buffer.concat(said).toString("utf8"), seconds: (performance.now() - began) / 1_000 }));
  });
}

/** Whether `npm run sst:install` has put SST's platform here. */
export const hasSstPlatform = (): boolean => existsSync(path.join(root, ".sst/platform/config.d.ts"));
