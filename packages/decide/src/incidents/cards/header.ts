import {
  type Card,
  type EntryKind,
  type EpochMs,
  type Incident,
  type IncidentPolicy,
  type Part,
  type Rich,
  type RungAlarm,
  sayClock,
  type Span,
} from "@nightshift/model";
import { rings } from "../alarms.ts";
import { warRoomTemplate } from "../template.ts";
import { isOver } from "../transitions.ts";
import { actionsOf } from "./actions.ts";
import { stateText } from "./state.ts";
import { cut, few, headline, joined, moment } from "./words.ts";

/** Where a header stands, and when it is made. */
export interface HeaderPlace {
  readonly now: EpochMs;
  /** `room`: the incident's own channel, where the whole war room template stands; absent: its thread. */
  readonly place?: "home" | "room";
}

/** Alarms written out, worst first; the record holds all. */
const MOST_ALARMS = 5;
/** The newest things that were done, planned or asked. */
const MOST_DEEDS = 4;

/**
 * The one message that always shows where an incident stands: at most 12 parts and 6,000 characters. It changes with the
 * incident and when a deadline passes, not with every second, so that a header that is up to date stays as it is.
 */
export function headerCard(incident: Incident, policy: IncidentPolicy, { now, place = "home" }: HeaderPlace): Card {
  return {
    summary: cut(`${headline(incident, policy)}${incident.firing === 0 ? "" : ` · ${incident.firing} firing`}`, 300),
    parts: [
      { kind: "heading", text: cut(headline(incident, policy), 150) },
      { kind: "text", text: stateText(incident, policy, now) },
      ...factsOf(incident, place),
      ...alarmsOf(incident),
      ...deedsOf(incident),
      ...(place === "room" ? templateOf(incident, now) : []),
      ...actionsOf(incident),
      { kind: "small", text: joined([[{ code: incident.id }], ...linksOf(incident, policy)], " · ") },
    ],
  };
}

function factsOf(incident: Incident, place: "home" | "room"): readonly Part[] {
  const { alarms, suspect, roles, room, absorbed } = incident;
  const parts = Object.entries({ Commander: roles.ic, Operations: roles.ops, Communications: roles.comms });
  const facts: (readonly [string, Rich])[] = [
    ...(alarms.length === 0 ? [] : [["Alarms", tally(incident)] as const]),
    ...(suspect === undefined ? [] : [["Suspected change", suspected(suspect)] as const]),
    ...parts.flatMap(([name, person]) => (person === undefined ? [] : [[name, cut(person, 80)] as const])),
    ...(room === undefined || place === "room" ? [] : [["Room", [{ channel: room.channel }]] as const]),
    ...(absorbed.length === 0 ? [] : [["Part of this", cut(few(absorbed, 3, (left) => `and ${left} more`).join(", "), 300)] as const]),
  ];
  return facts.length === 0 ? [] : [{ kind: "facts", facts }];
}

/** `7 firing / 2 cleared, 3 held back`. */
function tally({ alarms, firing, inhibited, flapping }: Incident): string {
  const cleared = alarms.length - firing - inhibited;
  const held = inhibited === 0 ? "" : `, ${inhibited} held back`;
  return `${firing} firing / ${cleared} cleared${held}${flapping.length === 0 ? "" : `, ${flapping.length} flapping`}`;
}

function suspected({ what, at, commit, pullRequest }: NonNullable<Incident["suspect"]>): readonly Span[] {
  const named = [commit?.slice(0, 7), pullRequest].filter((one) => one !== undefined);
  return [`${cut(what, 200)}${named.length === 0 ? "" : ` (${cut(named.join(", "), 100)})`}, `, moment(at)];
}

/** Those that ring first, as the incident keeps them; one that flaps says so instead of each of its moves. */
function alarmsOf({ alarms, flapping, firing, inhibited }: Incident): readonly Part[] {
  if (firing + inhibited === 0) return [];
  const say = (alarm: RungAlarm): Rich => {
    const reason = flapping.includes(alarm.name) ? "flapping: it goes to and fro" : alarm.reason;
    return [`${rings(alarm) ? "●" : "✓"} `, { bold: cut(alarm.name, 100) }, `  ${cut(reason.replace(/\s+/g, " "), 160)}`];
  };
  const shown = alarms.slice(0, firing);
  const lines = shown.slice(0, MOST_ALARMS).map(say);
  const left = firing + inhibited - lines.length;
  return [{ kind: "lines", lines: [...lines, ...(left === 0 ? [] : [`and ${left} more`])] }];
}

/** What tells what was done or will be. */
const deeds: ReadonlySet<EntryKind> = new Set<EntryKind>(["blamed", "planned", "acted", "verified", "asked", "answered", "resolved"]);
/** What is history once it is over, however it was decided. */
const intents: ReadonlySet<EntryKind> = new Set<EntryKind>(["planned", "asked"]);
/** What came of it. */
const outcomes: ReadonlySet<EntryKind> = new Set<EntryKind>(["verified", "resolved"]);

function deedsOf(incident: Incident): readonly Part[] {
  const over = isOver(incident);
  const told = incident.entries.filter(({ kind, announce }) => announce && deeds.has(kind) && !(over && intents.has(kind)));
  const outcome = over ? told.findLast(({ kind }) => outcomes.has(kind)) : undefined;
  const newest = told.slice(-MOST_DEEDS);
  // What came of it stays, whatever was said afterwards.
  const shown = outcome === undefined || newest.includes(outcome) ? newest : [outcome, ...newest.slice(1)];
  const now = incident.working.length === 0 ? [] : [`At work now: ${cut(incident.working.join(", "), 80)}.`];
  const lines = [...shown.map(({ at, text }) => `${sayClock(at)}  ${cut(text.replace(/\s+/g, " "), 240)}`), ...now];
  return lines.length === 0 ? [] : [{ kind: "lines", lines }];
}

/** The rows of the template that are words; the others stand above already. */
const inWords: ReadonlySet<string> = new Set(["Symptoms", "Root Cause", "Impact", "Resolution", "Prevention"]);

function templateOf(incident: Incident, now: EpochMs): readonly Part[] {
  const rows = warRoomTemplate(incident, now).filter(({ name }) => inWords.has(name));
  return [
    {
      kind: "facts",
      facts: rows.map(({ name, lines }) => [
        name,
        few(
          lines.map((line) => cut(line, 140)),
          3,
          (left) => `and ${left} more in the record`,
        ).join("\n"),
      ]),
    },
  ];
}

function linksOf({ service }: Incident, { links }: IncidentPolicy): readonly Rich[] {
  const { dashboard, runbook } = links[service] ?? {};
  return [
    ...(dashboard === undefined ? [] : [[{ link: dashboard, text: "dashboard" }]]),
    ...(runbook === undefined ? [] : [[{ link: runbook, text: "runbook" }]]),
  ];
}
