import type { Card, Part, Rich, Verb } from "@nightshift/model";
import type { WrongWord } from "./grammar-options.ts";
import type { GrammarContext } from "./grammar-words.ts";
import type { Token } from "./lexer.ts";
import { usageOf, verbNames, verbs } from "./verbs.ts";

/** What there is, or how one verb is used. */
export function helpCard(verb: Verb | undefined, context: GrammarContext): Card {
  const said = context.said ?? "/ops";
  if (verb !== undefined) return oneVerb(verb, said, context);
  return {
    summary: `What ${said} understands`,
    parts: [
      ...sections.flatMap(({ section, title }): readonly Part[] => [
        { kind: "text", text: [{ bold: title }] },
        {
          kind: "lines",
          lines: verbNames.filter((one) => verbs[one].section === section).map((one): Rich => [{ code: `${said} ${usageOf(one)}` }, ` ${verbs[one].does}`]),
        },
      ]),
      {
        kind: "small",
        text: `Every verb takes --dry-run, --reason "why" and --yes. In a thread the incident may be left out. ${said} help <verb> says more. Example: ${exampleOf("help", context)}`,
      },
    ],
  };
}

/** A command of this verb that is right as it stands, made of names that exist here. */
export function exampleOf(verb: Verb, context: GrammarContext): string {
  const { services, people, incidents = [], databases = [], said = "/ops" } = context;
  const [first = "INC-260314-0314-api", second = "INC-260314-0320-api"] = incidents;
  const names: Readonly<Record<string, string>> = {
    service: services[0] ?? "api",
    person: `@${people[0] ?? "ana"}`,
    incident: first,
    incident2: second === first ? "INC-260314-0320-api" : second,
    database: databases[0] ?? "shop-prod",
  };
  return `${said} ${verbs[verb].example.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? name)}`;
}

/** Names the word, its place, what is near and one right example; says that nothing was done. */
export function mistakeCard(
  { tokens, verb, context }: { tokens: readonly Token[]; verb: Verb | undefined; context: GrammarContext },
  { index, because, near, known }: WrongWord,
): { readonly card: Card; readonly example: string } {
  const token = tokens[index];
  // A slip in the verb is shown as the verb that was most likely meant.
  const meant = verb ?? (index === 0 ? verbNames.find((one) => one === near[0]) : undefined) ?? "help";
  const example = exampleOf(meant, context);
  const summary = token === undefined ? `${because}.` : `"${cut(token.text, 60)}" (word ${index + 1}) ${because}.`;
  const said = context.said ?? "/ops";
  const parts: Part[] = [{ kind: "text", text: summary }];
  const shown = pointAt(said, tokens, index);
  if (shown !== undefined) parts.push({ kind: "code", text: shown });
  if (near.length > 0) parts.push({ kind: "text", text: `Did you mean ${near.map((one) => `"${one}"`).join(" or ")}?` });
  if (known !== undefined && known.names.length > 0) parts.push({ kind: "text", text: listing(known) });
  parts.push({ kind: "text", text: ["Example: ", { code: example }] });
  parts.push({
    kind: "small",
    text: verb === undefined ? `Nothing was done. ${said} help lists what there is.` : `Nothing was done. Usage: ${said} ${usageOf(verb)}`,
  });
  return { card: { summary: `${summary} Nothing was done. Example: ${example}`, parts }, example };
}

const sections = [
  { section: "reading", title: "Look" },
  { section: "incidents", title: "Incidents" },
  { section: "people", title: "People" },
  { section: "production", title: "Production" },
] as const;

function oneVerb(verb: Verb, said: string, context: GrammarContext): Card {
  const { role, changes } = verbs[verb];
  const example = exampleOf(verb, context);
  return {
    summary: `${said} ${usageOf(verb)}: ${verbs[verb].does}`,
    parts: [
      { kind: "text", text: [{ code: `${said} ${usageOf(verb)}` }] },
      { kind: "text", text: verbs[verb].does },
      {
        kind: "facts",
        facts: [
          ["Who may", `${role}${role === "owner" ? "" : " and above"}`],
          ["Changes something", changes ? "yes; --dry-run says what, and does nothing" : "no"],
          ["Example", [{ code: example }]],
        ],
      },
    ],
  };
}

/** Names in a list, at most: the rest is counted. */
const LISTED = 10;

function listing({ what, names }: { readonly what: string; readonly names: readonly string[] }): string {
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return `There ${names.length === 1 ? "is" : "are"}: ${names.slice(0, LISTED).join(", ")}${more} (${what}).`;
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** The command with the word underlined; undefined where it is too long to be read in one line. */
function pointAt(said: string, tokens: readonly Token[], index: number): string | undefined {
  const words = tokens.map(({ text, quoted }) => (quoted ? `"${text}"` : text));
  const line = [said, ...words].join(" ");
  if (tokens.length === 0 || line.length > 120) return undefined;
  const before = [said, ...words.slice(0, index)].join(" ").length + 1;
  return `${line}\n${" ".repeat(before)}${"^".repeat(Math.max(1, words[index]?.length ?? 1))}`;
}
