import { type EpochMs, type Incident, type IncidentPolicy, type Rich, sayClock, sayLength, since, type Span } from "@nightshift/model";
import { EVERYBODY } from "../duties-words.ts";
import { STORM_GROUP } from "../grouping.ts";
import { isOver } from "../transitions.ts";

/** A moment in the reader's own time zone; the words are UTC. */
export const moment = (at: EpochMs): Span => ({ moment: at, words: `${sayClock(at)} UTC` });

/** At most so many characters, the last one telling that something is missing. */
export function cut(text: string, most: number): string {
  const all = [...text];
  return all.length <= most ? text : `${all.slice(0, most - 1).join("")}…`;
}

/** The first few lines of many, and how many are missing. */
export const few = <T>(all: readonly T[], most: number, rest: (left: number) => T): readonly T[] =>
  all.length <= most ? all : [...all.slice(0, most), rest(all.length - most)];

/** `● [shop-api] [P1] 5xx 12 %`, and when it is over `✓ [shop-api] [P1] resolved · 5 m 41 s · 5xx 12 %`. Another stage than production is named. */
export function headline(incident: Incident, { zone }: Pick<IncidentPolicy, "zone">): string {
  const { service, severity, state } = incident;
  const stage = zone === "prod" ? "" : `[${zone}] `;
  const over = state === "resolved" || state === "closed" ? `${state} · ${sayLength(lasted(incident))} · ` : state === "merged" ? "merged · " : "";
  return `${isOver(incident) ? "✓" : "●"} ${stage}[${cut(service, 60)}] [${severity}] ${over}${titleOf(incident)}`.replace(/\s+/g, " ");
}

/** So many alarms are named one by one; more are counted. */
const MOST_NAMED = 3;

/**
 * What it is called: its title, and where many alarms ring (or rang, when none does any more) under the name of the first
 * one, how many. A title that says what was found, or that it is a storm over the account, stands.
 */
function titleOf(incident: Incident): string {
  const { alarms, firing, inhibited, title, service, group, entries } = incident;
  const given = entries.some(({ change }) => change?.what === "title" || (change?.what === "standing" && change.title !== undefined));
  const over = isOver(incident) || firing + inhibited === 0;
  const count = over ? alarms.length : firing;
  if (given || group === STORM_GROUP || count <= MOST_NAMED) return title;
  const of = alarms.every((one) => one.service === service) ? ` of ${cut(service, 60)}` : "";
  return `${count} alarms${of} ${over ? "rang" : "ring"}`;
}

/** From the first sign to the end. */
export const lasted = ({ openedAt, resolvedAt, closedAt }: Incident) => since(openedAt, resolvedAt ?? closedAt ?? openedAt);

/** Somebody by the name that the config gives them, or as Slack knows them: called where Slack can call them. */
export function called(person: string, { people }: Pick<IncidentPolicy, "people">): Span {
  if (person === EVERYBODY) return { everybody: true };
  const slack = people.find(({ name }) => name === person)?.slack ?? (/^[UW][A-Z0-9]{4,}$/.test(person) ? person : undefined);
  return slack === undefined ? person : { person: slack };
}

/** Spans in a row, with something between them. */
export const joined = (parts: readonly Rich[], between: string): readonly Span[] =>
  parts.flatMap((part, i) => [...(i === 0 ? [] : [between]), ...(typeof part === "string" ? [part] : part)]);
