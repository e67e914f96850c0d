import { runNode, tools } from "./tool.ts";

/** `npm run verify`: everything that must be green before anyone looks, in two lanes because two cores are common. */
const checks = {
  lint: [tools.biome, "check", "--error-on-warnings"],
  types: ["scripts/types.ts"],
  layers: ["scripts/layers.ts"],
  unused: [tools.knip],
  // The sweeps play one story with a fault at every boundary: `npm test` runs them, and CI.
  tests: ["scripts/test.ts", "--exclude", "test/scenarios/*-sweep.test.ts", "--exclude", "test/guards/sole-guards.test.ts"],
} as const;

type Check = keyof typeof checks;
const failed: Check[] = [];

async function run(check: Check): Promise<void> {
  const { code, said, seconds } = await runNode(checks[check], { show: false });
  // What passed needs one line; what failed needs all it said.
  console.log(`${code === 0 ? "✓" : "✗"} ${check} (${seconds.toFixed(1)} s)`);
  if (code === 0) return;
  failed.push(check);
  console.log(said.trimEnd());
}

async function lane(...inOrder: readonly Check[]): Promise<void> {
  for (const check of inOrder) await run(check);
}

await Promise.all([lane("tests"), lane("lint", "types", "layers", "unused")]);
if (failed.length > 0) {
  console.log(`verify: failed at ${failed.join(", ")}; \`npm run ${failed[0] === "tests" ? "test" : failed[0]}\` shows the first alone`);
  process.exitCode = 1;
}
