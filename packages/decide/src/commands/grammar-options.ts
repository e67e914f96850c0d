import type { Ms, Severity, Verb } from "@nightshift/model";
import { readLength } from "./durations.ts";
import type { Options } from "./grammar-build.ts";
import type { GrammarContext } from "./grammar-words.ts";
import type { Token } from "./lexer.ts";
import { readMoment } from "./moments.ts";
import { nearestWords } from "./nearest.ts";
import { verbs } from "./verbs.ts";

/** A word that is wrong: its place among the words (the verb is the first), and why. */
export interface WrongWord {
  readonly index: number;
  readonly because: string;
  readonly near: readonly string[];
  readonly known?: { readonly what: string; readonly names: readonly string[] };
}

/** The words that are no options, with their places, and what the options said; or the first wrong one. */
export type Sorted =
  | { readonly kind: "sorted"; readonly words: readonly { readonly token: Token; readonly index: number }[]; readonly options: Options }
  | { readonly kind: "wrong"; readonly wrong: WrongWord };

/** Takes the options out of a command's words. */
export function sortOptions(verb: Verb, tokens: readonly Token[], context: GrammarContext): Sorted {
  const known = [...verbs[verb].options, ...everywhere];
  const words: { token: Token; index: number }[] = [];
  const said = new Map<string, string>();
  for (let index = 1; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) continue;
    const plain = isPlain(verb, token, words.length);
    const [, dashed, joined] = token.quoted ? [] : (/^--?(\p{L}[\p{L}-]*)(?:=(.*))?$/su.exec(token.text) ?? []);
    const name = plain ? token.text : dashed;
    if (name === undefined && (token.quoted || !/^--/.test(token.text))) {
      words.push({ token, index });
      continue;
    }
    const option = known.find((one) => one === name?.toLowerCase());
    const wrong = (because: string, near: readonly string[] = []): Sorted => ({ kind: "wrong", wrong: { index, because, near } });
    if (option === undefined || (!plain && !token.text.startsWith("--")))
      return wrong(`is no option of ${verb}; text that begins with a dash goes in quotes`, nearOptions(name ?? "", known));
    if (said.has(option)) return wrong("is there twice");
    if (bare.has(option)) {
      if (joined !== undefined) return wrong("takes no value");
      said.set(option, "");
      continue;
    }
    // `--reason=` is followed by the quoted part as a word of its own.
    const next = joined === undefined || joined === "" ? tokens[index + 1] : undefined;
    const value = next === undefined ? (joined ?? "") : !next.quoted && next.text.startsWith("--") ? "" : next.text;
    const amiss = problemOf(option, value, context);
    if (amiss !== undefined)
      return value === "" || next === undefined ? wrong(amiss) : { kind: "wrong", wrong: { index: index + 1, because: amiss, near: [] } };
    said.set(option, value);
    if (next !== undefined) index += 1;
  }
  return { kind: "sorted", words, options: meaning(said) };
}

/** An option's name without dashes, where the verb takes them so and all of its words are there. */
const isPlain = (verb: Verb, { text, quoted }: Token, words: number): boolean => {
  const { plainOptions, takes, options } = verbs[verb];
  return plainOptions === true && !quoted && words >= takes.length && options.some((one) => one === text.toLowerCase());
};

const everywhere = ["dry-run", "reason", "yes", "env"] as const;
/** Options that take no value. */
const bare: ReadonlySet<string> = new Set(["all", "week", "dry-run", "yes"]);

const nearOptions = (name: string, known: readonly string[]): readonly string[] => nearestWords(name, known).map((one) => `--${one}`);

/** Reasons are read in one line of the timeline. */
const LONGEST_REASON = 500;

/** Why a value is none; undefined where it is one. */
function problemOf(option: string, value: string, { zone }: GrammarContext): string | undefined {
  if (value.trim() === "") return `needs a value, such as --${option} ${sample[option] ?? "…"}`;
  if (option === "for" && readLength(value) === undefined) return "is not a length: a number and m, h or d, such as 30m, 2h or 1d, up to 30d";
  if (option === "sev" && severityOf(value) === undefined) return "is not a severity: p1, p2, p3 or p4";
  if (option === "max" && workersOf(value) === undefined) return "is not a number of workers: 1 to 9999";
  if (option === "at" && readMoment(value) === undefined) return "is not a moment in UTC: write it as 2026-11-21T01:30Z";
  if (option === "to" && !/^[\w.:/@-]{1,255}$/.test(value)) return "is not a revision: a task definition's number, family:number, or an image digest";
  if (option === "reason" && value.length > LONGEST_REASON) return `is longer than ${LONGEST_REASON} characters`;
  if (option === "env" && zone !== undefined && value.toLowerCase() !== zone.toLowerCase()) return `is not what this Nightshift looks after: it is ${zone}`;
  return undefined;
}

const workersOf = (value: string | undefined): number | undefined => (value !== undefined && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : undefined);

const sample: Readonly<Record<string, string>> = { at: "2026-11-21T01:30Z", for: "2h", max: "12", sev: "p3", to: "41", reason: '"why"', env: "prod" };

const severities: readonly Severity[] = ["P1", "P2", "P3", "P4"];
const severityOf = (value: string): Severity | undefined => severities.find((one) => one.toLowerCase() === value.toLowerCase());
const lengthOf = (value: string | undefined): Ms | undefined => (value === undefined ? undefined : readLength(value));

function meaning(said: ReadonlyMap<string, string>): Options {
  const sev = said.get("sev");
  const at = said.get("at");
  return {
    all: said.has("all"),
    week: said.has("week"),
    for: lengthOf(said.get("for")),
    to: said.get("to"),
    max: workersOf(said.get("max")),
    sev: sev === undefined ? undefined : severityOf(sev),
    at: at === undefined ? undefined : readMoment(at),
    flags: { dryRun: said.has("dry-run"), reason: said.get("reason")?.trim(), yes: said.has("yes") },
  };
}
