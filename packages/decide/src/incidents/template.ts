import { type Entry, type EpochMs, type Incident, type TemplateField, sayClock, sayDate, sayLength, since } from "@nightshift/model";

/** One row of the war room template (seeds: styling-adventures.md; `facts/incidents.md` 6). */
export interface TemplateRow {
  readonly name: "Severity" | "Start Time" | "End Time" | "Duration" | "Symptoms" | "Root Cause" | "Impact" | "Resolution" | "Prevention";
  /** Never empty: what is not known says so, and how to fill it in. */
  readonly lines: readonly string[];
  /** False: the record does not say yet. */
  readonly known: boolean;
}

/** The title as the template wants it: `[SERVICE] [P1] Brief description`. */
export const templateTitle = ({ service, severity, title }: Incident): string => `[${service}] [${severity}] ${title}`;

/** The template, filled from the record: what automations saw and did, what people wrote, and where a person is asked to write. */
export function warRoomTemplate(incident: Incident, now: EpochMs): readonly TemplateRow[] {
  const { severity, openedAt, resolvedAt, fields } = incident;
  const end = resolvedAt ?? incident.closedAt;
  const people = (field: TemplateField): readonly string[] => (fields[field] === undefined ? [] : [fields[field]]);
  return [
    row("Severity", [severity], ""),
    row("Start Time", [sayMoment(openedAt)], ""),
    row("End Time", end === undefined ? [] : [sayMoment(end)], "not over yet"),
    row(
      "Duration",
      [`${Math.round(since(openedAt, end ?? now) / 60_000)} minutes (${sayLength(since(openedAt, end ?? now))})${end === undefined ? " so far" : ""}`],
      "",
    ),
    row("Symptoms", symptomsOf(incident), "nothing measured; write it with /ops note"),
    row("Root Cause", [...people("rootCause"), ...textsOf(incident, "blamed"), ...suspectOf(incident)], ask("rootCause")),
    row("Impact", [...people("impact"), `Affected services: ${affected(incident).join(", ")}`], ""),
    row("Resolution", [...people("resolution"), ...textsOf(incident, "acted", "verified", "resolved")], ask("resolution")),
    row("Prevention", people("prevention"), ask("prevention")),
  ];
}

const row = (name: TemplateRow["name"], lines: readonly string[], unknown: string): TemplateRow =>
  lines.length === 0 ? { name, lines: [unknown], known: false } : { name, lines, known: true };

/** Fields are written with hyphens on a keyboard: `root-cause`. */
const ask = (field: TemplateField): string =>
  `not known yet; a person writes it: /ops field ${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} "…"`;

/** `2026-03-16 03:14:20 UTC`. */
export const sayMoment = (at: EpochMs): string => `${sayDate(at)} ${sayClock(at)} UTC`;

/** What was seen, by alarms and by the automations that looked. */
function symptomsOf(incident: Incident): readonly string[] {
  // Its newest reason may be that of its end: the name says what rang.
  const rung = incident.alarms.toSorted((a, b) => a.first - b.first || (a.name < b.name ? -1 : 1)).map((alarm) => alarm.name);
  const rest = rung.length > MOST ? ` and ${rung.length - MOST} more` : "";
  return unique([
    ...textsOf(incident, "seen"),
    ...(rung.length === 0 ? [] : [`${rung.length === 1 ? "Alarm" : `${rung.length} alarms`}: ${rung.slice(0, MOST).join(", ")}${rest}`]),
  ]);
}

/** Alarms written out; the record holds all. */
const MOST = 10;

const suspectOf = ({ suspect }: Incident): readonly string[] =>
  suspect === undefined
    ? []
    : [
        `Suspected change: ${suspect.what} at ${sayClock(suspect.at)}${suspect.commit === undefined ? "" : `, commit ${suspect.commit.slice(0, 7)}`}${suspect.pullRequest === undefined ? "" : `, pull request ${suspect.pullRequest}`}`,
      ];

const affected = (incident: Incident): readonly string[] => unique([incident.service, ...incident.alarms.map((alarm) => alarm.service)]);

const textsOf = (incident: Incident, ...kinds: readonly Entry["kind"][]): readonly string[] =>
  unique(incident.entries.filter((entry) => kinds.includes(entry.kind)).map((entry) => entry.text));

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
