import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { runProgram } from "./program.ts";

const node = (script: string): { readonly program: string; readonly args: readonly string[] } => ({ program: process.execPath, args: ["-e", script] });
const mebibytes = (count: number): Readable =>
  Readable.from(
    (function* () {
      for (let n = 0; n < count; n++) yield Buffer.alloc(1 << 20);
    })(),
  );

test("a program's exit code and complaints come back; nothing is thrown for them", async () => {
  const end = await runProgram(node('process.stderr.write("pg_restore: error: no such thing\\n"); process.stdout.write("out"); process.exitCode = 3'));
  expect(end).toEqual({ code: 3, stdout: "out", complaints: ["pg_restore: error: no such thing"] });
});

test("our own environment is not handed on", async () => {
  process.env["PGPASSWORD"] = "secret";
  const { stdout } = await runProgram({ ...node("process.stdout.write(String(process.env.PGPASSWORD))"), env: { PGUSER: "me" } });
  delete process.env["PGPASSWORD"];
  expect(stdout).toBe("undefined");
});

test("a program that stops reading and calls that success is refused, unless the beginning is all it needs", async () => {
  const stops = node('process.stdin.once("data", () => { process.stdin.destroy(); process.exit(0); })');
  await expect(runProgram({ ...stops, input: mebibytes(64) })).rejects.toThrow(/EPIPE|ECONNRESET/);
  expect((await runProgram({ ...stops, input: mebibytes(64), readsBeginningOnly: true })).code).toBe(0);
});

test("an input that breaks ends the program with the input's own error", async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from("a");
      throw new Error("segment 2 is not what was written");
    })(),
  );
  await expect(runProgram({ ...node("process.stdin.resume()"), input: broken })).rejects.toThrow("segment 2 is not what was written");
});

test("a program that is not there is an error", async () => {
  await expect(runProgram({ program: "/nowhere/pg_restore", args: [] })).rejects.toThrow("ENOENT");
});

test("giving up ends the program", async () => {
  const giveUp = new AbortController();
  const run = runProgram({ ...node("setInterval(() => {}, 1000)"), signal: giveUp.signal });
  giveUp.abort(new Error("asked to stop"));
  await expect(run).rejects.toThrow("asked to stop");
});
