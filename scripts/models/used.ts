import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../tool.ts";
import { documentOperations } from "./document.ts";

/** Every operation that the adapters' source makes a command of, by AWS's name. */
export function operationsUsed(): readonly string[] {
  const files = globSync("packages/aws/src/**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"));
  const commands = files.flatMap((file) => [...readFileSync(path.join(root, file), "utf8").matchAll(/new (\w+)Command\(/g)].map(([, name = ""]) => name));
  return [...new Set(commands.map((name) => documentOperations[name] ?? name))].sort();
}
