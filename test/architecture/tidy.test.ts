import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "../..");

/** Every file that git would take, so that generated and ignored ones do not count. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(root, file)));
const sources = files.filter((file) => /\.(ts|mjs)$/.test(file));
const shipped = sources.filter((file) => /^(packages|events|functions|stacks)\//.test(file) && !isTest(file));
/** Where time, chance and the environment may be met: every other folder gets them as arguments (style rule 15). */
const worldly = /^packages\/(runtime|aws|slack|lab|cli)\/|^packages\/vault\/src\/store\//;

function isTest(file: string): boolean {
  return /\.test\.ts$|\.fixture\.ts$|\.cases-?\w*(?:-\w+)*\.ts$|\.rows\.ts$|\/fixtures\.ts$|\/testing\/|\/testKernel\.ts$|\/contract\/|^test\//.test(file);
}

function lines(file: string): readonly string[] {
  return readFileSync(path.join(root, file), "utf8").split("\n");
}

/** `file:line text` of every line that `bad` dislikes, given the dozen lines before it and the eight after. */
function find(among: readonly string[], bad: (line: string, before: readonly string[], after: readonly string[]) => boolean): readonly string[] {
  return among.flatMap((file) => {
    const all = lines(file);
    return all.flatMap((line, at) =>
      bad(line, all.slice(Math.max(0, at - 12), at), all.slice(at, at + 8)) ? [`${file}:${at + 1} ${line.trim().slice(0, 80)}`] : [],
    );
  });
}

test("no source file is longer than 300 lines", () => {
  // A file that ends in a newline splits into one piece more than it has lines.
  expect(sources.filter((file) => lines(file).length > 301)).toEqual([]);
});

test("every exported name says what it promises", () => {
  const undocumented = (line: string, before: readonly string[], after: readonly string[]): boolean => {
    if (!/^export (?:declare )?(?:abstract )?(?:async )?(?:const|function|class|interface|type) \w/.test(line)) return false;
    // Lambda's own name, in a folder whose manifest says what it does; and objects that carry their sentence with them.
    if (/^export const (?:handler|manifest)\b/.test(line) || after.some((text) => /^\s+(?:does|says|summary|title):|^\s+id: "D\d+"/.test(text))) return false;
    // Overloads and runs of one-line siblings share the sentence above the first of them.
    const above = before.findLast((text) => !/^export /.test(text)) ?? "";
    return !/\*\/\s*$/.test(above) && !/^\s*\/\//.test(above);
  };
  expect(find(shipped, undocumented)).toEqual([]);
});

test("nothing is left for later", () => {
  const self = "test/architecture/tidy.test.ts";
  expect(
    find(
      sources.filter((file) => file !== self),
      (line) => /\b(TODO|FIXME|XXX|HACK)\b|@ts-ignore|@ts-nocheck|\b(?:test|it|describe)\.only\(/.test(line),
    ),
  ).toEqual([]);
});

test("chance comes in as an argument outside runtime, adapters (the store of backups is one), lab and command line", () => {
  expect(
    find(
      shipped.filter((file) => !worldly.test(file)),
      (line) => /Math\.random|randomUUID|randomBytes|getRandomValues/.test(line),
    ),
  ).toEqual([]);
});

test("no path or host of a developer's machine is written down", () => {
  const texts = files.filter(
    (file) => /\.(ts|mjs|cjs|md|json|sh|py)$|^\.ci\/run$/.test(file) && file !== "package-lock.json" && file !== "test/architecture/tidy.test.ts",
  );
  expect(find(texts, (line) => /\/(?:work|home|root|Users)\/[a-z]|localhost:\d{5}/.test(line))).toEqual([]);
});

test("the lockfile names no registry", () => {
  expect(readFileSync(path.join(root, "package-lock.json"), "utf8")).not.toContain('"resolved": "http');
});

test("every dependency has an exact version", () => {
  // The file is npm's own; only the version maps are read.
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as Record<string, Record<string, string> | undefined>;
  const versions = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((kind) => Object.entries(manifest[kind] ?? {}));
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
