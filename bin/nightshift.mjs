#!/usr/bin/env node
// The `nightshift` command: finds the pinned Node and hands over to packages/cli (decision 26).
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runNode } from "../scripts/find-node.mjs";

const main = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "packages", "cli", "src", "main.ts");
runNode(["--no-warnings", main, ...process.argv.slice(2)], { leash: true });
