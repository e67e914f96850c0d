/** One line of JSON on standard output: what Lambda's own log format keeps whole. Callers pass named facts, never an environment or a secret. */
export const jsonLog = (line: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
