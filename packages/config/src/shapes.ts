import * as z from "zod/mini";
import { ConfigError, type ConfigProblem, sayValue } from "./problem.ts";
import { type Resolved, resolveParsed } from "./resolve.ts";
import { type NightshiftConfig, type ParsedConfig, sections } from "./sections/index.ts";
import { translate, unknownKey } from "./translate.ts";

/** What somebody wrote, before anything of it is believed. */
export type Raw = Readonly<Record<string, unknown>>;

/** A table, and no list, promise or class. */
export const isPlainObject = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Promise);

/** Every section by its own schema: unknown keys and wrong values, all at once. */
export function checkShapes(raw: Raw): { problems: readonly ConfigProblem[]; parsed: Partial<ParsedConfig> } {
  const problems: ConfigProblem[] = [];
  const parsed: Record<string, unknown> = {};
  for (const key of Object.keys(raw)) {
    if (!Object.hasOwn(sections, key)) problems.push(unknownKey("top", [key], Object.keys(sections), raw[key]));
  }
  for (const [key, { schema }] of Object.entries(sections)) {
    const result = z.safeParse(schema as z.ZodMiniType, raw[key]); // one of several schemas; only success and issues are used
    if (result.success) parsed[key] = result.data;
    else problems.push(...translate(result.error.issues, key, raw));
  }
  return { problems, parsed }; // each key was parsed by its own section's schema
}

/** The answer to something that is no config at all. */
export const noConfig = (raw: unknown): ConfigProblem => ({
  path: "",
  expected: "export default defineNightshift({...})",
  got: sayValue(raw),
  remedy: "let nightshift.config.ts export the config as its default, not a promise or a function",
});

/**
 * The config in our words, for a function at its cold start (decision 19): every value is parsed again. What several settings mean together
 * was looked at when this very config was deployed (`resolveChecked`); functions do not carry those checks along.
 * @throws ConfigError with every problem when there is one.
 */
export function resolve(config: NightshiftConfig): Resolved {
  if (!isPlainObject(config)) throw new ConfigError([noConfig(config)]);
  const { problems, parsed } = checkShapes(config);
  if (problems.length > 0) throw new ConfigError(problems);
  return resolveParsed(parsed as ParsedConfig); // no problems: every section was parsed
}
