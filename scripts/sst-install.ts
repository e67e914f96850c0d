import { hasSstPlatform, runNode, tools } from "./tool.ts";

/** `npm run sst:install`: SST's components and the AWS provider's types into .sst/ (320 MB, once; npm registry only). */
const { code } = await runNode([tools.sst, "install", "--stage", "dev"], {
  show: true,
  // Without these it would look for Pulumi's engine on GitHub and for bun; a test needs neither.
  env: { SST_TELEMETRY_DISABLED: "1", SST_SKIP_DEPENDENCY_CHECK: "1", SST_NO_BUN: "1" },
});
process.exitCode = code;
if (code === 0 && !hasSstPlatform()) {
  console.error("sst install ended well but left no .sst/platform; run it again with `npx sst install --stage dev --verbose`");
  process.exitCode = 1;
}
