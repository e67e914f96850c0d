import type { Role, Verb } from "@nightshift/model";
import { productionVerbs } from "./verbs-production.ts";
import { readingVerbs } from "./verbs-reading.ts";
import { runningVerbs } from "./verbs-running.ts";
import type { OptionName, VerbDefinition } from "./verbs-words.ts";

/** Every verb, in the order in which help lists them: help, the parser, the ingress, permission and the docs read this. */
export const verbs: Readonly<Record<Verb, VerbDefinition>> = { ...readingVerbs, ...runningVerbs, ...productionVerbs };

/** Every verb's word. */
export const verbNames: readonly Verb[] = Object.keys(verbs) as readonly Verb[]; // The record has exactly these keys, which Object.keys widens.

/** The least that a person must be to ask for this. */
export const roleFor = (verb: Verb): Role => verbs[verb].role;

/** `ack [INC-…]`: how a verb is written, with its own options. */
export function usageOf(verb: Verb): string {
  const { takes, options, changes } = verbs[verb];
  return [verb, ...takes.map((word) => word.shown), ...options.map((name) => `[${shownOptions[name]}]`), ...(changes ? ["[--dry-run]"] : [])].join(" ");
}

const shownOptions: Readonly<Record<OptionName, string>> = {
  all: "--all",
  week: "--week",
  for: "--for 2h",
  to: "--to revision",
  sev: "--sev p1..p4",
  max: "--max 12",
  at: "--at 2026-11-21T01:30Z",
};
