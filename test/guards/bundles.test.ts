import { readFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { manifests } from "../../functions/index.ts";

const root = path.join(import.meta.dirname, "../..");

/** A function's code as it would be deployed, or with conditions of our own; libraries stay outside. */
async function bundled(entry: string, conditions?: readonly string[]): Promise<{ readonly text: string; readonly sources: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [path.join(root, entry)],
    bundle: true,
    format: "esm",
    platform: "node",
    keepNames: true,
    minify: true,
    metafile: true,
    write: false,
    logLevel: "silent",
    absWorkingDir: root,
    external: ["@aws-sdk/*", "@aws/*", "@slack/*", "zod", "zod/*"],
    ...(conditions === undefined ? {} : { conditions: [...conditions] }),
  });
  return { text: outputFiles.map((file) => file.text).join("\n"), sources: Object.keys(metafile.inputs) };
}

test.each(manifests.map(({ name }) => name))("the bundle of %s holds no switch, and no list of guards", async (name) => {
  const { text, sources } = await bundled(`functions/${name}/handler.ts`);
  expect(sources.filter((source) => source.includes("guards"))).toEqual(["packages/model/src/guards.ts"]);
  expect(text).not.toContain("askGuardSwitch");
  expect(text).not.toContain("No lease is granted inside a hold.");
});

// Our own file; only these two lists are read.
const budgets = JSON.parse(readFileSync(path.join(root, "bench/budgets.json"), "utf8")) as Record<"nowhereSources" | "nowhereWords", readonly string[]>;

test("`npm run sizes` notices a bundle that was built with the condition", async () => {
  const { sources } = await bundled("functions/guard/handler.ts", ["nightshift-lab"]);
  expect(sources).toContain("packages/model/src/guards.lab.ts");
  expect(budgets.nowhereSources).toContain("packages/model/src/guards.lab.ts");
});

test("`npm run sizes` notices a bundle that can switch a guard off", async () => {
  const { text } = await bundled("packages/lab/src/guards/switch.ts", ["nightshift-lab"]);
  expect(budgets.nowhereWords.filter((word) => text.includes(word))).toEqual(["askGuardSwitch", "nightshift-lab"]);
});
