import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

export const root: string = path.join(import.meta.dirname, "../..");
export const platform: string = path.join(root, ".sst/platform");

/**
 * Bundles sst.config.ts the way the SST binary does: provider globals in front of every file of ours, the `$`-functions
 * injected, Pulumi left outside (SST 4.17.1, pkg/js/js.go and pkg/project/run.go, read 2026-11-21).
 * @returns the file to import; it lies inside the platform so that @pulumi/* resolves to the one copy there.
 */
export async function bundleConfig(): Promise<string> {
  // Written by `sst install`; only these two fields are read.
  const providers = JSON.parse(readFileSync(path.join(root, ".sst/provider-lock.json"), "utf8")) as { alias: string; package: string }[];
  const globals = [...providers.map((one) => `import * as ${one.alias} from "${one.package}";`), `import * as sst from "${platform}/src/components";`].join(
    "\n",
  );
  const built = await build({
    stdin: {
      contents: `export { run } from "${platform}/src/auto/run.ts";\nexport { default as mod } from "${root}/sst.config.ts";`,
      resolveDir: root,
      sourcefile: "eval.ts",
      loader: "ts",
    },
    banner: {
      js: `import { createRequire as __cr } from "module"; const require = __cr(import.meta.url); import { fileURLToPath as __f2p } from "url"; const __filename = __f2p(import.meta.url); const __dirname = __f2p(new URL(".", import.meta.url));`,
    },
    inject: [path.join(platform, "src/shim/run.js")],
    nodePaths: [path.join(platform, "node_modules")],
    mainFields: ["module", "main"],
    external: ["@pulumi/*", "undici", "@pulumiverse/*", "@sst-provider/*", "@aws-sdk/*", "esbuild", "archiver", "glob", "vite"],
    format: "esm",
    platform: "node",
    bundle: true,
    write: false,
    logLevel: "silent",
    plugins: [
      {
        name: "provider globals",
        setup(plugins) {
          plugins.onLoad({ filter: /\.(ts|js)$/ }, ({ path: file }) => {
            if (file.startsWith(path.join(root, ".sst")) || file.includes("/node_modules/")) return undefined;
            return { contents: `${globals}\n${readFileSync(file, "utf8")}`, loader: "default" };
          });
        },
      },
    ],
  });
  const code = built.outputFiles[0]?.text ?? "";
  const file = path.join(platform, `nightshift.test.${createHash("sha256").update(code).digest("hex").slice(0, 12)}.mjs`);
  // Two stages may be synthesized at once: nobody may import half a file.
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
