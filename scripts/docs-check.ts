import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { commandsIn } from "@nightshift/cli/commands/index";
import { machine } from "@nightshift/cli/place/machine";
import { blocks } from "./docs-blocks.ts";
import { root } from "./tool.ts";

/**
 * `npm run docs:check`: generated blocks are what the code says today, and every path, script and command that the
 * documentation names exists. `--write` rewrites the blocks. A block that holds times is not compared: it stands between
 * `<!-- measured:NAME … -->` marks with date, machine and command (decision 28).
 */
const write = process.argv.includes("--write");
const problems: string[] = [];

const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(root, file)));

const marked = /<!-- generated:([a-z-]+) -->\n([\s\S]*?)<!-- \/generated:\1 -->/g;

async function fresh(name: string): Promise<string | undefined> {
  const block = blocks[name];
  if (block === undefined) {
    problems.push(`a block is called generated:${name}, which scripts/docs-blocks.ts does not know; add it there or correct the mark`);
    return undefined;
  }
  try {
    return `\n${(await block.write()).trim()}\n\n`;
  } catch (error) {
    problems.push(`generated:${name} comes from ${block.from}, which failed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function checkBlocks(file: string, text: string): Promise<void> {
  let next = text;
  for (const [whole, name = "", old = ""] of text.matchAll(marked)) {
    const now = await fresh(name);
    if (now === undefined || now.trim() === old.trim()) continue;
    if (write) next = next.replace(whole, () => `<!-- generated:${name} -->\n${now}<!-- /generated:${name} -->`);
    else problems.push(`${file}: the block generated:${name} is not what the code says now; run \`npm run docs:check -- --write\` and read the difference`);
  }
  if (next !== text) writeFileSync(path.join(root, file), next);
}

/** Folders at the top of the checkout: `packages/decide/src/blame.ts` in backticks is a promise that it is there. */
const ownPath = /^(?:\.ci|bench|bin|docs|events|examples|functions|packages|scripts|slack|stacks|test)\/[\w./@-]*$/;

function checkPaths(file: string, text: string): void {
  for (const [, linked = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    const target = linked.replace(/#.*$/, "");
    if (target === "" || /^[a-z]+:/.test(target)) continue;
    if (!existsSync(path.resolve(root, path.dirname(file), target))) problems.push(`${file}: links to ${linked}, which is not there`);
  }
  for (const [, quoted = ""] of text.matchAll(/`([^`\n]+)`/g)) {
    if (ownPath.test(quoted) && !existsSync(path.join(root, quoted))) problems.push(`${file}: names \`${quoted}\`, which is not there`);
  }
}

/** npm's own words that need no script. */
const builtin = new Set(["ci", "install", "start", "test"]);

function checkScripts(file: string, text: string, scripts: ReadonlySet<string>): void {
  for (const [, name = ""] of text.matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)) {
    if (!scripts.has(name) && !builtin.has(name)) problems.push(`${file}: says \`npm run ${name}\`, which package.json does not have`);
  }
}

function checkCommands(file: string, text: string, commands: readonly string[]): void {
  for (const [, words = ""] of text.matchAll(/\bnpx (?:--no )?nightshift((?: [a-z-]+)+)/g)) {
    const said = words.trim();
    const known = commands.some((command) => said === command || said.startsWith(`${command} `));
    if (!known) problems.push(`${file}: says \`npx nightshift ${said}\`, which is no command`);
  }
}

const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: Record<string, string> }; // npm's own file
const commandWords = commandsIn(machine()).map((command) => command.path.join(" "));

for (const file of documents) {
  const text = readFileSync(path.join(root, file), "utf8");
  await checkBlocks(file, text);
  checkPaths(file, text);
  checkScripts(file, text, new Set(Object.keys(scripts)));
  checkCommands(file, text, commandWords);
}
for (const problem of problems) console.error(problem);
console.log(`docs: ${documents.length} documents, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
