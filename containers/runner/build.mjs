// One file with everything the runner needs, so that its image holds no node_modules: `build.mjs [OUT [ENTRY]]`.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const { build } = createRequire(path.join(root, "package.json"))("esbuild");
await build({
  // The benchmark measures its own entry, built alike.
  entryPoints: [process.argv[3] ?? path.join(root, "packages/vault/src/runner/main.ts")],
  outfile: process.argv[2] ?? path.join(root, "out/runner.mjs"),
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  sourcemap: "inline",
  sourcesContent: false,
  // pg looks for these two and does without them: a driver in C, and the sockets of another platform.
  external: ["pg-native", "cloudflare:sockets"],
  // CommonJS packages inside call `require` for Node's own modules.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  logLevel: "warning",
});
