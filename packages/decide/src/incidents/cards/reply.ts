import { buttons, type Card, type Entry, type Incident, type IncidentPolicy, type Part, type Rich, sayClock, type Span } from "@nightshift/model";
import { isOver } from "../transitions.ts";
import { consent, isAnswered, planIn } from "./question.ts";
import { called, cut, few } from "./words.ts";

/** Lines of one piece of evidence that are written out; its file has all. */
const MOST_LINES = 20;

/** The lines that nobody was told yet, in one reply; who is paged is called by name, and a question has its buttons. */
export function replyCard(incident: Incident, entries: readonly Entry[], policy: Pick<IncidentPolicy, "people">): Card {
  const [first] = entries;
  const more = entries.length > 1 ? ` (and ${entries.length - 1} more)` : "";
  // Whoever is paged is called in the summary, too: it is what a telephone shows. First there as well: what comes last is often a command to copy.
  const calls = entries.flatMap((entry) => callsOf(entry, policy));
  const said = (first === undefined ? "nothing new" : textOf(first)).replace(/\s+/g, " ");
  return {
    summary: [`[${cut(incident.service, 60)}] `, ...calls.flatMap((call) => [call, " "]), `${cut(said, 279 - cut(incident.service, 60).length - 3)}${more}`],
    parts: [{ kind: "lines", lines: entries.flatMap((entry, n) => linesOf(entry, policy, n === 0)) }, ...questionOf(incident, entries)],
  };
}

/** `03:14:20  text`, whoever it calls before the text, and its further lines below it. The first line of a message says that its times are UTC. */
export function linesOf(entry: Entry, policy: Pick<IncidentPolicy, "people">, first = false): readonly Rich[] {
  const [head = "", ...rest] = textOf(entry).split("\n");
  const clock = `${sayClock(entry.at)}${first ? " UTC" : ""}`;
  const calls = callsOf(entry, policy).flatMap((call): readonly Span[] => [call, " "]);
  return [
    calls.length === 0 ? [`${clock}  ${head}`] : [`${clock}  `, ...calls, head],
    ...few(
      rest.map((line) => `    ${line}`),
      MOST_LINES,
      (left) => `    and ${left} more`,
    ),
  ];
}

/** A page that calls its people by name does not say their names again right behind. */
function textOf({ text, change }: Entry): string {
  if (change?.what !== "paged" || !change.by.includes("slack-mention")) return text;
  const names = `${change.people.join(", ")} (`;
  return text.startsWith(names) ? text.slice(names.length - 1) : text;
}

/** Only a page that goes by mention calls: the other ways have their own. */
function callsOf({ change }: Entry, policy: Pick<IncidentPolicy, "people">): readonly Span[] {
  if (change?.what !== "paged" || !change.by.includes("slack-mention")) return [];
  return change.people.map((person) => called(person, policy));
}

/** The newest question that still waits: an older one of the same message says in its line how it is answered. */
function questionOf(incident: Incident, entries: readonly Entry[]): readonly Part[] {
  const asked = entries.findLast(({ kind }) => kind === "asked");
  if (asked === undefined || isOver(incident) || isAnswered(incident, asked)) return [];
  const plan = planIn(asked.text);
  if (plan !== undefined) return [{ kind: "buttons", buttons: consent(incident, plan, asked.text) }];
  if (!asked.key.startsWith("still-there/")) return [];
  return [
    {
      kind: "buttons",
      buttons: [
        { action: buttons.working, text: "Still on it", value: incident.id, style: "primary" },
        { action: buttons.resolve, text: "Resolve", value: incident.id },
      ],
    },
  ];
}
