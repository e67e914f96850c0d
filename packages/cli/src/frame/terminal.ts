import { createInterface } from "node:readline/promises";
import type { Io } from "./command.ts";

/** Without the control characters with which foreign text could clear, colour or forge the screen; tab and line ends stay. */
export const printable = (text: string): string => text.replace(/(?![\t\n])\p{Cc}/gu, "");

/** The process's own terminal. */
export function terminal(): Io {
  const { stdin, stdout, stderr } = process;
  const redraws = stderr.isTTY === true;
  let shown = false;
  const progress = (line: string | undefined): void => {
    if (!redraws || (line === undefined && !shown)) return;
    // Carriage return and "erase to the end of the line": the progress line is rewritten in place, on standard error.
    stderr.write(`\r\u001b[K${line === undefined ? "" : line.slice(0, (stderr.columns ?? 80) - 1)}`);
    shown = line !== undefined;
  };
  return {
    out: (line) => {
      progress(undefined);
      stdout.write(`${printable(line)}\n`);
    },
    err: (line) => {
      progress(undefined);
      stderr.write(`${printable(line)}\n`);
    },
    draw: (text) => void stdout.write(text),
    progress,
    terminal: stdout.isTTY === true,
    columns: stdout.columns ?? 100,
    ask: async (question) => {
      if (stdin.isTTY !== true) return undefined;
      progress(undefined);
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return await reader.question(question);
      } finally {
        reader.close();
      }
    },
  };
}
