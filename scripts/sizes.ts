import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";
import { manifests } from "../functions/index.ts";
import { root } from "./tool.ts";

/** `npm run sizes`: what each function weighs as SST would build it, against bench/budgets.json (decision 39). Exit code 1 over budget. */

interface Budgets {
  /** gzipped bytes of what a cold start loads, in kB of 1,000 bytes, by function. */
  readonly firstChunkGzipKb: Readonly<Record<string, number>>;
  /** The same with the lazily imported clients that every run loads after all. */
  readonly everyRunGzipKb: Readonly<Record<string, number>>;
  /** Lazily imported sources that every run of a function loads after all. */
  readonly alwaysLoaded: Readonly<Record<string, readonly string[]>>;
  /** Packages that a first chunk may hold, by function; a trailing `/` admits a whole scope. Absent: not checked. */
  readonly firstChunkPackages: Readonly<Record<string, readonly string[]>>;
  /** Packages that may be in no bundle at all. */
  readonly nowhere: readonly string[];
  /** Sources, as parts of paths, that may be in no bundle at all. */
  readonly nowhereSources: readonly string[];
  /** Words that may be in no bundle at all: what switches a protection off is the lab's alone (decision 33). */
  readonly nowhereWords: readonly string[];
}

interface Weight {
  readonly name: string;
  readonly firstKb: number;
  /** The first chunk and what every run loads besides. */
  readonly everyRunKb: number;
  readonly lazyKb: number;
  readonly lazyChunks: number;
  readonly packages: readonly string[];
  readonly everything: readonly string[];
  readonly text: string;
}

/** esbuild as SST 4.17.1 runs it with `nodejs: { minify, splitting }` (pkg/runtime/node/build.go, read 2026-11-21). */
async function weigh(name: string, alwaysLoaded: readonly string[]): Promise<Weight> {
  const built = await build({
    entryPoints: { bundle: path.join(root, "functions", name, "handler.ts") },
    outdir: path.join(root, "out/sizes", name),
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2024",
    platform: "node",
    mainFields: ["module", "main"],
    keepNames: true,
    minify: true,
    metafile: true,
    write: false,
    logLevel: "silent",
    outExtension: { ".js": ".mjs" },
    absWorkingDir: root,
    banner: { js: 'import { createRequire as topLevelCreateRequire } from "module"; const require = topLevelCreateRequire(import.meta.url);' },
  });
  const { outputs } = built.metafile;
  const first = reachable(outputs, (file) => file.endsWith("handler.ts"));
  const everyRun = reachable(outputs, (file) => file.endsWith("handler.ts") || alwaysLoaded.includes(file));
  const texts = new Map(built.outputFiles.map((file) => [path.relative(root, file.path), file.text]));
  const kb = (files: readonly string[]): number => files.reduce((sum, file) => sum + gzipSync(texts.get(file) ?? "", { level: 9 }).length, 0) / 1_000;
  const lazy = Object.keys(outputs).filter((file) => !everyRun.includes(file));
  return {
    name,
    firstKb: kb(first),
    everyRunKb: kb(everyRun),
    lazyKb: kb(lazy),
    lazyChunks: lazy.length,
    packages: packagesIn(first.flatMap((file) => kept(outputs[file]))),
    everything: Object.values(outputs).flatMap(kept),
    text: [...texts.values()].join("\n"),
  };
}

/** Sources of which anything is left after tree shaking. */
function kept(output: Metafile["outputs"][string] | undefined): readonly string[] {
  return Object.entries(output?.inputs ?? {}).flatMap(([source, { bytesInOutput }]) => (bytesInOutput > 0 ? [source] : []));
}

/** The chunks of the given entries and what they import at once. A dynamic import is loaded at first use. */
function reachable(outputs: Metafile["outputs"], isEntry: (source: string) => boolean): readonly string[] {
  const seen = new Set<string>(Object.keys(outputs).filter((file) => isEntry(outputs[file]?.entryPoint ?? "")));
  for (const file of seen) {
    for (const { path: imported, kind } of outputs[file]?.imports ?? []) if (kind === "import-statement" && imported in outputs) seen.add(imported);
  }
  return [...seen];
}

/** `@aws-sdk/client-ecs` of `node_modules/@aws-sdk/client-ecs/dist-es/index.js`; nested copies count as themselves. */
function packagesIn(inputs: readonly string[]): readonly string[] {
  const names = inputs.flatMap((input) => {
    const inside = input.slice(input.lastIndexOf("node_modules/") + "node_modules/".length);
    return input.includes("node_modules/")
      ? [
          inside
            .split("/")
            .slice(0, inside.startsWith("@") ? 2 : 1)
            .join("/"),
        ]
      : [];
  });
  return [...new Set(names)].toSorted();
}

const admits = (list: readonly string[], name: string): boolean =>
  list.some((admitted) => (admitted.endsWith("/") ? name.startsWith(admitted) : admitted === name));

function problems(weight: Weight, budgets: Budgets): readonly string[] {
  const { name, packages, everything } = weight;
  const allowed = budgets.firstChunkPackages[name];
  const found = [
    ...over("its first chunk", weight.firstKb, budgets.firstChunkGzipKb[name]),
    ...over("what every run loads", weight.everyRunKb, budgets.everyRunGzipKb[name]),
  ];
  const strangers = allowed === undefined ? [] : packages.filter((one) => !admits(allowed, one));
  if (strangers.length > 0) found.push(`its first chunk holds ${strangers.join(", ")}: import them where they are used, with \`await import(…)\``);
  const banned = packagesIn(everything).filter((one) => admits(budgets.nowhere, one));
  if (banned.length > 0) found.push(`it holds ${banned.join(", ")}`);
  const sources = everything.filter((file) => budgets.nowhereSources.some((part) => file.includes(part)));
  if (sources.length > 0) found.push(`it holds ${sources.slice(0, 3).join(", ")}`);
  const words = budgets.nowhereWords.filter((word) => weight.text.includes(word));
  if (words.length > 0) found.push(`it says ${words.join(", ")}`);
  return found.map((problem) => `functions/${name}: ${problem}`);
}

function over(what: string, kb: number, budget: number | undefined): readonly string[] {
  if (budget === undefined) return [`bench/budgets.json has no budget for ${what}`];
  return kb > budget ? [`${what} is ${kb.toFixed(1)} kB gzipped, over the budget of ${budget} kB`] : [];
}

const budgets = JSON.parse(readFileSync(path.join(root, "bench/budgets.json"), "utf8")) as Budgets; // our own file; a missing key fails below
const weights: Weight[] = [];
for (const { name } of manifests) weights.push(await weigh(name, budgets.alwaysLoaded[name] ?? []));

if (process.argv.includes("--markdown")) {
  console.log(
    "| function | first chunk, gzipped | budget | with the clients every run loads | budget | other lazy chunks, gzipped |\n|---|---:|---:|---:|---:|---:|",
  );
  for (const { name, firstKb, everyRunKb, lazyKb, lazyChunks } of weights)
    console.log(
      `| ${name} | ${firstKb.toFixed(1)} kB | ${budgets.firstChunkGzipKb[name] ?? "–"} kB | ${everyRunKb.toFixed(1)} kB | ${budgets.everyRunGzipKb[name] ?? "–"} kB | ${lazyKb.toFixed(1)} kB in ${lazyChunks} |`,
    );
} else {
  for (const { name, firstKb, everyRunKb, lazyKb, lazyChunks, packages } of weights) {
    console.log(
      `${name.padEnd(12)} first chunk ${firstKb.toFixed(1).padStart(6)} of ${budgets.firstChunkGzipKb[name] ?? "?"} kB gz · with every run's clients ${everyRunKb.toFixed(1).padStart(6)} of ${budgets.everyRunGzipKb[name] ?? "?"} kB · other lazy ${lazyKb.toFixed(1)} kB gz in ${lazyChunks} chunks`,
    );
    if (process.argv.includes("--packages")) console.log(`             ${packages.join(" ")}`);
  }
}
const found = weights.flatMap((weight) => problems(weight, budgets));
for (const problem of found) console.error(problem);
if (found.length > 0) process.exitCode = 1;
