import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Checked, checkConfig, type Resolved, sayProblem } from "@nightshift/config";
import type { Option } from "../frame/command.ts";
import { Refusal } from "../frame/command.ts";
import type { Place } from "./place.ts";

/** The file's usual name. */
const NAME = "nightshift.config.ts";
/** The checkout this tool runs from. */
const checkout = fileURLToPath(new URL("../../../../", import.meta.url));

/** The option every command takes that needs the config. */
export const configOption: Option = { type: "text", value: "FILE", says: `the config to use (default ${NAME})` };

/** A config as its file exports it, unchecked. */
export interface Loaded {
  readonly file: string;
  readonly value: unknown;
}

/** Loads a config file. @throws {Refusal} when it is not there, throws, or exports nothing. */
export async function loadConfig(place: Place, named: string | undefined): Promise<Loaded> {
  const file = fileOf(place, named);
  const shown = path.relative(place.directory, file) || file;
  if (!existsSync(file))
    throw new Refusal(`${shown}: there is no such config file. \`npx nightshift init\` writes one from your account; --config FILE names another.`);
  const hooks = findOurPackages();
  let exported: unknown;
  try {
    exported = await import(/* @vite-ignore */ pathToFileURL(file).href);
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
    throw new Refusal(`${shown} could not be loaded: ${why.replace(/\.$/, "")}. Mend the file; \`npm run types\` shows type errors with their lines.`);
  } finally {
    hooks.deregister();
  }
  if (typeof exported !== "object" || exported === null || !("default" in exported)) {
    throw new Refusal(`${shown} has no default export: it must say \`export default defineNightshift({ … })\`. examples/ holds five complete ones.`);
  }
  return { file: shown, value: exported.default };
}

/** A checked config in our words. @throws {Refusal} in one paragraph, with the first problems. */
export async function resolvedConfig(place: Place, named: string | undefined): Promise<Resolved & { readonly file: string }> {
  const { file, value } = await loadConfig(place, named);
  const { problems, resolved }: Checked = checkConfig(value);
  if (resolved !== undefined) return { ...resolved, file };
  const first = problems[0] === undefined ? "" : sayProblem(problems[0]).replace(/\s+/g, " ");
  throw new Refusal(
    `${file} has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}: ${first}. \`npx nightshift config check ${file}\` lists ${problems.length === 1 ? "it" : "them all"} with remedies.`,
  );
}

/** Where the person stands first, then the checkout's own. */
function fileOf(place: Place, named: string | undefined): string {
  if (named !== undefined) return path.resolve(place.directory, named);
  const here = path.join(place.directory, NAME);
  return existsSync(here) ? here : path.join(checkout, NAME);
}

/** Lets a config anywhere on the disk import `@nightshift/config`: our packages are looked up from this file, not from its folder. */
const findOurPackages = () =>
  registerHooks({
    resolve: (specifier, context, next) => next(specifier, specifier.startsWith("@nightshift/") ? { ...context, parentURL: import.meta.url } : context),
  });
