import { createInterface } from "node:readline/promises";
import type { Io } from "./command.ts";

/** The process's own terminal. */
export const terminal = (): Io => ({
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  terminal: process.stdout.isTTY === true,
  columns: process.stdout.columns ?? 100,
  ask: async (question) => {
    if (process.stdin.isTTY !== true) return undefined;
    const reader = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await reader.question(question);
    } finally {
      reader.close();
    }
  },
});
