import { hasSstPlatform, runNode, tools } from "./tool.ts";

/** `npm run test:stacks`: types of the stacks against SST's own, then what they would deploy, under Pulumi mocks. */
async function must(args: readonly string[]): Promise<void> {
  const { code } = await runNode(args, { show: true });
  if (code !== 0) process.exit(code);
}

if (!hasSstPlatform()) await must(["scripts/sst-install.ts"]);
await must([tools.tsc, "-p", "tsconfig.stacks.json"]);
const counts = process.env.NIGHTSHIFT_COUNTS;
const reporters = counts === undefined ? [] : ["--reporter=default", "--reporter=json", `--outputFile.json=${counts}`];
await must([tools.vitest, "run", "--config", "vitest.stacks.config.ts", ...reporters, ...process.argv.slice(2)]);
