import type { IncidentRole, Ms, Severity, TemplateField, Verb } from "@nightshift/model";
import { readLength } from "./durations.ts";
import type { Token } from "./lexer.ts";
import { nearestWords } from "./nearest.ts";
import { verbNames } from "./verbs.ts";
import type { Place, WordKind } from "./verbs-words.ts";

/** What names can be meant, and how commands are begun where this one was typed. Lists that are left out, or empty, are not checked. */
export interface GrammarContext {
  readonly services: readonly string[];
  readonly groups?: readonly string[];
  readonly people: readonly string[];
  /** Ids, newest first. Absent: any well formed id is taken, and whoever carries it out looks it up. */
  readonly incidents?: readonly string[];
  readonly databases?: readonly string[];
  /** Any bare word may name an incident: it is looked up later, and the text read again with what it meant. */
  readonly shortNames?: boolean;
  /** `prod`, or the stage's name: what `--env` must say, where it is said. */
  readonly zone?: string;
  /** `/ops` unless it was a mention. */
  readonly said?: string;
}

/** What the words of a command mean, by place. */
export interface Meanings {
  readonly about?: Verb;
  readonly incident?: string;
  readonly into?: string;
  readonly service?: string;
  readonly scope?: string;
  readonly person?: string;
  readonly whom?: string;
  readonly severity?: Severity;
  readonly lasts?: Ms;
  readonly count?: string;
  readonly role?: IncidentRole;
  readonly field?: TemplateField;
  readonly what?: string;
  readonly database?: string;
  readonly id?: string;
  readonly text?: string;
  readonly link?: string;
}

/** What one word means, or why it means nothing here. */
export type Reading =
  | { readonly kind: "means"; readonly means: Meanings }
  | {
      readonly kind: "wrong";
      readonly because: string;
      readonly near: readonly string[];
      readonly known?: { readonly what: string; readonly names: readonly string[] };
    };

/** Fields of the war room as they are typed: hyphens and case do not count. */
export const fieldNames: Readonly<Record<TemplateField, string>> = {
  impact: "impact",
  rootCause: "root-cause",
  resolution: "resolution",
  prevention: "prevention",
  wentWell: "went-well",
  wentBadly: "went-badly",
  actionItems: "action-items",
};

const severities: readonly Severity[] = ["P1", "P2", "P3", "P4"];
const incidentRoles: readonly IncidentRole[] = ["ic", "ops", "comms"];
const templateFields = Object.keys(fieldNames) as readonly TemplateField[]; // The record has exactly these keys.

/** An incident's id as Nightshift makes them. */
export const isIncidentId = (text: string): boolean => /^INC-[\w.*-]{1,80}$/i.test(text);

/** A person as Slack's ids name them. */
export const isSlackUser = (text: string): boolean => /^[UW][A-Z0-9]{2,20}$/.test(text);

/** Reads one word as what stands in its place. */
export function readWord(place: Place, is: WordKind, { token, context }: { token: Token; context: GrammarContext }): Reading {
  const { text } = token;
  switch (is.kind) {
    case "incident":
      return incidentOf(place, text, context);
    case "service":
      return named(place, text, { what: "service", names: context.services });
    case "scope":
      return named(place, text, { what: "service or group", names: scopesOf(context) });
    case "quiet":
      return quietOf(text, context);
    case "person":
      return personOf(place, token, context);
    case "whom":
      return /^tier[1-9]$/i.test(text) ? means({ whom: text.toLowerCase() }) : whomOf(token, context);
    case "severity": {
      const severity = severities.find((one) => one.toLowerCase() === text.toLowerCase());
      return severity === undefined ? wrong("is not a severity: p1, p2, p3 or p4", text, ["p1", "p2", "p3", "p4"]) : means({ severity });
    }
    case "length": {
      const lasts = readLength(text);
      return lasts === undefined ? wrong("is not a length: a number and m, h or d, such as 30m, 2h or 1d, up to 30d") : means({ lasts });
    }
    case "count":
      return /^(auto|[+-]?[1-9]\d{0,3}|0)$/i.test(text)
        ? means({ count: text.toLowerCase() })
        : wrong("is not a number of workers: 4, +2, -1 or auto", text, ["auto"]);
    case "field": {
      const field = templateFields.find((one) => one.toLowerCase() === text.toLowerCase().replaceAll("-", ""));
      return field === undefined
        ? wrong("is not a field of the war room", text, Object.values(fieldNames), { what: "field", names: Object.values(fieldNames) })
        : means({ field });
    }
    case "database":
      return databaseOf(text, context);
    case "id":
      return /^[\w.:/@-]{1,200}$/.test(text) ? means({ id: text }) : wrong("is not an id");
    case "verb": {
      const about = verbNames.find((one) => one === text.toLowerCase());
      return about === undefined ? wrong("is not a verb", text, verbNames) : means({ about });
    }
    case "word":
      return literal(place, text, is.words);
    case "rest":
      return textOf(text);
  }
}

const means = (it: Meanings): Reading => ({ kind: "means", means: it });
const wrong = (because: string, typed = "", among: readonly string[] = [], known?: { readonly what: string; readonly names: readonly string[] }): Reading => ({
  kind: "wrong",
  because,
  near: nearestWords(typed, among),
  ...(known === undefined ? {} : { known }),
});

/** The name as it is written in the config; a case that differs is no other name unless two differ by it alone. */
function sameName(text: string, names: readonly string[]): string | undefined {
  const alike = names.filter((name) => name.toLowerCase() === text.toLowerCase());
  return names.includes(text) ? text : alike.length === 1 ? alike[0] : undefined;
}

const bare = /^[\w.:*-]{1,120}$/;

function named(place: Place, text: string, known: { readonly what: string; readonly names: readonly string[] }): Reading {
  const name = known.names.length === 0 && bare.test(text) ? text : sameName(text, known.names);
  return name === undefined ? wrong(`is not a ${known.what} here`, text, known.names, known) : means({ [place]: name });
}

function incidentOf(place: Place, text: string, { incidents, shortNames }: GrammarContext): Reading {
  if (shortNames === true && bare.test(text) && !isIncidentId(text)) return means({ [place]: text });
  if (!isIncidentId(text)) return wrong("is not an incident: their ids begin with INC-", text, incidents ?? []);
  if (incidents === undefined || incidents.length === 0) return means({ [place]: `INC-${text.slice(4)}` });
  const id = sameName(text, incidents);
  return id === undefined ? wrong("is not an incident here", text, incidents, { what: "incident", names: incidents }) : means({ [place]: id });
}

const scopesOf = ({ services, groups = [] }: GrammarContext): readonly string[] => (services.length === 0 ? [] : [...new Set([...services, ...groups, "all"])]);

/** An alarm has any name; one that is almost a service's is more likely a slip, and silencing the wrong thing is quiet. */
function quietOf(text: string, context: GrammarContext): Reading {
  const scopes = scopesOf(context);
  const scope = sameName(text, scopes);
  if (scope !== undefined) return means({ scope });
  if (!/^[^\s<>&]{3,255}$/.test(text) || !/[\p{L}\p{N}]/u.test(text)) return wrong("is neither a service nor an alarm's name; write all for everything");
  const near = nearestWords(text, scopes);
  return near.length > 0 && !text.includes("*")
    ? wrong("is almost a service's name; for an alarm of that name, end it with *", text, scopes)
    : means({ scope: text });
}

function personOf(place: Place, { text, user }: Token, { people }: GrammarContext): Reading {
  const typed = text.replace(/^@/, "");
  if (user !== undefined || isSlackUser(typed)) return means({ [place]: user ?? typed });
  if (typed.toLowerCase() === "me") return means({ [place]: "me" });
  const name = people.length === 0 && bare.test(typed) ? typed : sameName(typed, people);
  return name === undefined
    ? wrong("is nobody whom the config names; a mention always works", typed, people, { what: "person", names: people })
    : means({ [place]: name });
}

function whomOf(token: Token, context: GrammarContext): Reading {
  const service = token.user === undefined ? sameName(token.text, context.services) : undefined;
  if (service !== undefined) return means({ whom: service });
  const person = personOf("whom", token, context);
  if (person.kind === "means") return person;
  const names = [...context.services, ...context.people, "tier1", "tier2", "tier3"];
  return wrong("is neither a service, a tier nor a person", token.text.replace(/^@/, ""), names, { what: "name", names });
}

function databaseOf(text: string, { databases = [] }: GrammarContext): Reading {
  return named("database", text, { what: "database", names: databases });
}

function literal(place: Place, text: string, words: readonly string[]): Reading {
  const word = words.find((one) => one === text.toLowerCase());
  if (word === undefined) return wrong(words.length === 1 ? `is not "${words[0]}"` : `is none of ${words.join(", ")}`, text, words);
  if (place !== "role") return means({ [place]: word });
  const role = incidentRoles.find((one) => one === word);
  return role === undefined ? wrong("is no role") : means({ role });
}

/** What a person writes fits into one line of the timeline. */
const LONGEST_TEXT = 2_000;

function textOf(text: string): Reading {
  if (text.trim() === "") return wrong("is empty");
  return text.length > LONGEST_TEXT ? wrong(`is longer than ${LONGEST_TEXT.toLocaleString("en")} characters`) : means({ text: text.trim() });
}
