import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { root } from "./harness.ts";

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** A server of no words: whoever connects waits, so that the command is in the midst of its work. */
async function silent(): Promise<{ readonly port: number; readonly asked: Promise<void>; readonly left: Promise<void> }> {
  let [ask, leave] = [() => {}, () => {}];
  const [asked, left] = [new Promise<void>((resolve) => (ask = resolve)), new Promise<void>((resolve) => (leave = resolve))];
  const server: Server = createServer((socket) => {
    ask();
    socket
      .on("error", () => undefined)
      .on("close", leave)
      .resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ended.push(() => server.close());
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, asked, left };
}

function started(argv: readonly string[]): { readonly process: ChildProcess; readonly said: Promise<{ readonly exit: number | null; readonly err: string }> } {
  const ran = spawn(process.execPath, [path.join(root, "bin", "nightshift.mjs"), ...argv], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  ended.push(() => ran.kill("SIGKILL"));
  let err = "";
  ran.stderr.on("data", (text) => (err += String(text)));
  return { process: ran, said: new Promise((resolve) => ran.on("close", (exit) => resolve({ exit, err }))) };
}

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "ns-launcher-"));
  ended.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const take = (port: number) => ["backup", "take", "--url", `postgres://ada@127.0.0.1:${port}/shop?sslmode=disable`, "--to", folder()];

test("a launcher that is killed takes its command with it: the connection to the database ends", async () => {
  const server = await silent();
  const run = started(take(server.port));
  await server.asked;
  run.process.kill("SIGKILL");
  await server.left;
  // Its standard error closes when the last process that has it is gone.
  expect((await run.said).err.split("\n").at(-2)).toBe("Stopped (SIGTERM); nothing is left half done.");
}, 60_000);

test("a polite kill of the launcher in the midst of work is answered in words", async () => {
  const server = await silent();
  const run = started(take(server.port));
  await server.asked;
  run.process.kill("SIGTERM");
  const { exit, err } = await run.said;
  expect([exit, err.split("\n").at(-2)]).toEqual([130, "Stopped (SIGTERM); nothing is left half done."]);
}, 60_000);

test("a stop before the command could begin is said, too", async () => {
  const preload = path.join(folder(), "wait.mjs");
  writeFileSync(preload, `process.getBuiltinModule("node:fs").writeFileSync(process.env.UP + process.pid, ""); if (process.send !== undefined) for (;;);`);
  const up = folder();
  const ran = spawn(process.execPath, [path.join(root, "bin", "nightshift.mjs"), "--version"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NODE_OPTIONS: `--import ${preload}`, UP: `${up}/` },
  });
  ended.push(() => ran.kill("SIGKILL"));
  let err = "";
  ran.stderr.on("data", (text) => (err += String(text)));
  const exit = new Promise((resolve) => ran.on("close", resolve));
  // The launcher's own, and that of what it started.
  while (readdirSync(up).length < 2) await new Promise((resolve) => setImmediate(resolve));
  ran.kill("SIGINT");
  expect([await exit, err]).toEqual([130, "nightshift: stopped (SIGINT).\n"]);
}, 60_000);
