import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const tool = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
const looked = ["packages", "events", "functions", "stacks", "scripts", "bench", "test", "nightshift.config.ts"];

/** What dependency-cruiser says about the layers of a tree. */
export interface Cruise {
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
  readonly modules: number;
  readonly dependencies: number;
}

/** Looks at every module under `tree` (the repository, unless a test says otherwise) with the rules of .dependency-cruiser.cjs. */
export function cruise(tree: string = root): Cruise {
  const folders = looked.filter((folder) => existsSync(path.join(tree, folder)));
  const args = [tool, "--config", path.join(root, ".dependency-cruiser.cjs"), "--output-type", "json", ...folders];
  const said = run(args, tree);
  // The JSON is dependency-cruiser's own; only these fields of it are read.
  const { summary } = JSON.parse(said) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[]; totalCruised: number; totalDependenciesCruised: number };
  };
  return {
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    modules: summary.totalCruised,
    dependencies: summary.totalDependenciesCruised,
  };
}

function run(args: readonly string[], cwd: string): string {
  try {
    // It warns on stderr that it found no TypeScript compiler it knows; swc reads the files instead.
    return execFileSync(process.execPath, args, { cwd, encoding: "utf8", maxBuffer: 64 << 20, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    // With violations it still prints its JSON and exits with their number.
    if (error instanceof Error && "stdout" in error && typeof error.stdout === "string" && error.stdout.startsWith("{")) return error.stdout;
    throw new Error(`dependency-cruiser could not look at ${cwd}; run it by hand: node ${args.join(" ")}`, { cause: error });
  }
}
