import type { Card, Command, Flags, Verb } from "@nightshift/model";
import { buildCommand } from "./grammar-build.ts";
import { sortOptions, type WrongWord } from "./grammar-options.ts";
import { type GrammarContext, isIncidentId, type Meanings, readWord } from "./grammar-words.ts";
import { helpCard, mistakeCard } from "./help.ts";
import { cutWords, LONGEST_COMMAND, type Token } from "./lexer.ts";
import { nearestWords } from "./nearest.ts";
import { usageOf, verbNames, verbs } from "./verbs.ts";
import type { Word } from "./verbs-words.ts";

export type { GrammarContext } from "./grammar-words.ts";

/** What was typed, understood; or the answer to it. Nothing is done about a text that is not grammatical to its last word. */
export type ReadCommand =
  | { readonly kind: "command"; readonly command: Command; readonly flags: Flags }
  /** `wrong`: it was a mistake, and not a wish for help. */
  | { readonly kind: "help"; readonly card: Card; readonly wrong?: Wrong };

/** What is wrong with a text. */
export interface Wrong {
  /** The word, as it was typed; empty where one is missing at the end. */
  readonly token: string;
  /** Which word it is, counted from 1. */
  readonly position: number;
  /** Goes on after the word: `is not a service here`. */
  readonly because: string;
  readonly near: readonly string[];
  /** A command of the same verb that is right as it stands. */
  readonly example: string;
}

/** Reads a command: the words after `/ops`, or after the mention. Pure, total, and linear in the text's length. */
export function readCommand(text: string, context: GrammarContext): ReadCommand {
  if (text.length > LONGEST_COMMAND)
    return refuse({ tokens: [], verb: undefined, context }, { index: 0, because: `The command is longer than ${LONGEST_COMMAND} characters`, near: [] });
  const { tokens, unclosed } = cutWords(text);
  const [first] = tokens;
  if (first === undefined) return { kind: "help", card: helpCard(undefined, context) };
  const verb = first.quoted ? undefined : verbNames.find((one) => one === first.text.toLowerCase());
  const told = { tokens, verb, context };
  if (verb === undefined) return refuse(told, { index: 0, because: "is not something I know", near: nearestWords(first.text, verbNames) });
  if (unclosed) return refuse(told, { index: tokens.length - 1, because: "opens a quote that nothing closes", near: [] });
  const sorted = sortOptions(verb, tokens, context);
  if (sorted.kind === "wrong") return refuse(told, sorted.wrong);
  const read = readWords(verb, sorted.words, { context, end: tokens.length });
  if (read.kind === "wrong") return refuse(told, read.wrong);
  if (verb === "help") return { kind: "help", card: helpCard(read.means.about, context) };
  if (read.means.lasts !== undefined && sorted.options.for !== undefined)
    return refuse(told, { index: tokens.length, because: "The length is there twice", near: [] });
  if (read.means.incident !== undefined && read.means.incident === read.means.into)
    return refuse(told, { index: tokens.length - 1, because: "is the same incident", near: [] });
  const command = buildCommand(verb, read.means, sorted.options);
  // What is left: a verb that cannot do without a length had none.
  if (command === undefined) return refuse(told, { index: tokens.length, because: "A length is missing, such as 1h", near: [] });
  return { kind: "command", command, flags: sorted.options.flags };
}

type Words = readonly { readonly token: Token; readonly index: number }[];

/** Every word in its place; the first that fits nowhere, or is missing, is what is wrong. */
function readWords(
  verb: Verb,
  words: Words,
  { context, end }: { context: GrammarContext; end: number },
): { readonly kind: "means"; readonly means: Meanings } | { readonly kind: "wrong"; readonly wrong: WrongWord } {
  let means: Meanings = {};
  let at = 0;
  for (const [place, word] of verbs[verb].takes.entries()) {
    const it = words[at];
    const next = verbs[verb].takes[place + 1];
    if (it === undefined || (word.optional === true && next !== undefined && !belongs([word, next], [it.token, words[at + 1]?.token], context))) {
      if (word.optional === true) continue;
      return { kind: "wrong", wrong: { index: end, because: `${missing(word)} is missing`, near: [] } };
    }
    const rest = word.is.kind === "rest" && !it.token.quoted ? words.slice(at) : [it];
    const reading = readWord(word.place, word.is, { token: joined(rest, it.token), context });
    if (reading.kind === "wrong")
      return {
        kind: "wrong",
        wrong: { index: it.index, because: reading.because, near: reading.near, ...(reading.known === undefined ? {} : { known: reading.known }) },
      };
    means = { ...means, ...reading.means };
    at += rest.length;
  }
  const extra = words[at];
  return extra === undefined
    ? { kind: "means", means }
    : { kind: "wrong", wrong: { index: extra.index, because: `is one word too many: ${usageOf(verb)}`, near: [] } };
}

/** An optional word before others is there only if it looks like one; a short name, if it is nothing else and the word after it is what comes next. */
function belongs([word, next]: readonly [Word, Word], [token, after]: readonly [Token, Token | undefined], context: GrammarContext): boolean {
  if (word.is.kind !== "incident") return true;
  if (token.quoted || isIncidentId(token.text)) return !token.quoted;
  if (context.shortNames !== true || next.is.kind === "rest" || after === undefined) return false;
  const fits = (it: Token): boolean => readWord(next.place, next.is, { token: it, context }).kind === "means";
  return !fits(token) && fits(after);
}

const joined = (rest: Words, first: Token): Token =>
  rest.length < 2 ? first : { text: rest.map(({ token }) => token.text).join(" "), quoted: false, user: undefined };

const names: Readonly<Partial<Record<Word["place"], string>>> = {
  incident: "An incident",
  into: "The other incident",
  service: "A service",
  scope: "A service, a group or all",
  person: "A person",
  whom: "A service, a tier or a person",
  severity: "A severity",
  count: "A number of workers",
  role: "A role",
  field: "A field",
  database: "A database",
  id: "An id",
  text: "A text",
};
const missing = (word: Word): string => names[word.place] ?? `"${word.shown}"`;

function refuse(told: { tokens: readonly Token[]; verb: Verb | undefined; context: GrammarContext }, wrong: WrongWord): ReadCommand {
  const { card, example } = mistakeCard(told, wrong);
  const token = told.tokens[wrong.index]?.text ?? "";
  return { kind: "help", card, wrong: { token, position: wrong.index + 1, because: wrong.because, near: wrong.near, example } };
}
