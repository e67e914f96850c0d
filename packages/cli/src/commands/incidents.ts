import { foldIncident } from "@nightshift/decide/incidents/fold";
import { postMortemMarkdown } from "@nightshift/decide/incidents/post-mortem";
import { sayIncident, sayState } from "@nightshift/decide/incidents/say";
import type { Incident, IncidentRecord } from "@nightshift/model";
import { sayClock, sayLength, since } from "@nightshift/model";
import type { Incidents } from "@nightshift/ports";
import { type Command, isOn, Refusal } from "../frame/command.ts";
import { answer, sayMoment, screenful, table, wrap } from "../frame/format.ts";
import { nearest } from "../frame/nearest.ts";
import { ledgerOf, ledgerOptions } from "../place/account.ts";
import type { Place } from "../place/place.ts";

const exits = { 1: "AWS refused or did not answer" } as const;
const limited = { limit: { type: "text", value: "N", says: "how many, at most 100", default: "20" } } as const;

/** The newest incidents, one line each. */
export const incidentsList = (place: Place): Command => ({
  path: ["incidents", "list"],
  group: "Read it",
  summary: "The newest incidents",
  options: { ...limited, open: { type: "switch", says: "only those that are not over" }, ...ledgerOptions },
  example: "npx nightshift incidents list --open",
  exits,
  run: async (asked) => {
    const limit = limitOf(asked.options["limit"]);
    const unreadable = (id: string, because: string): void => asked.io.err(`${id} is left out, because this release cannot read it: ${because}`);
    const all = (await ledgerOf(place, asked).world.incidents.list(limit, { unreadable })).map(foldIncident);
    const incidents = isOn(asked, "open") ? all.filter(isUnderWay) : all;
    const rows = incidents.map((one) => [one.id, one.severity, sayState(one), sayMoment(one.openedAt), one.title]);
    const lines =
      incidents.length === 0
        ? [all.length === 0 ? "No incident yet." : "Nothing is open."]
        : table(["id", "sev", "state", "opened (UTC)", "title"], rows).map((line) => line.slice(0, Math.max(asked.io.columns, 60)));
    answer(asked, incidents, screenful(lines, "--limit N, or --json for all of them"));
    return 0;
  },
});

/** One incident as its thread reads. */
export const incidentsShow = (place: Place): Command => ({
  path: ["incidents", "show"],
  group: "Read it",
  summary: "One incident, as its thread tells it",
  words: "ID",
  minWords: 1,
  maxWords: 1,
  options: { all: { type: "switch", says: "also lines that were only recorded, and more than a screen" }, ...ledgerOptions },
  example: "npx nightshift incidents show INC-260314-0314-shop-api",
  exits,
  run: async (asked) => {
    const incident = foldIncident(await named(ledgerOf(place, asked).world.incidents, asked.words[0]));
    const all = isOn(asked, "all");
    const lines = threadLines(incident, { all, columns: asked.io.columns });
    answer(asked, incident, all ? lines : screenful(lines, "--all"));
    return 0;
  },
});

/** Records as they are stored, one JSON object a line: for archives, and for whoever leaves. */
export const incidentsExport = (place: Place): Command => ({
  path: ["incidents", "export"],
  group: "Read it",
  summary: "Incidents as data: their records, one JSON object a line",
  more: ["Everything else (threads, post-mortems, figures) is worked out from these records; nothing is left out of them."],
  words: "[ID]",
  maxWords: 1,
  options: { limit: { ...limited.limit, default: "100" }, ...ledgerOptions },
  example: "npx nightshift incidents export > incidents.ndjson",
  exits,
  run: async (asked) => {
    const { incidents } = ledgerOf(place, asked).world;
    const [id] = asked.words;
    const records = id === undefined ? await incidents.list(limitOf(asked.options["limit"])) : [await named(incidents, id)];
    for (const record of records) asked.io.out(JSON.stringify(record));
    return 0;
  },
});

/** The draft of a post-mortem, in Markdown. */
export const incidentsPostMortem = (place: Place): Command => ({
  path: ["incidents", "postmortem"],
  group: "Read it",
  summary: "A post-mortem draft in Markdown, filled from the incident's record",
  more: ["What people wrote with `/ops field` stands in it; what only people can know is asked for in italics."],
  words: "ID",
  minWords: 1,
  maxWords: 1,
  options: ledgerOptions,
  example: "npx nightshift incidents postmortem INC-260314-0314-shop-api > post-mortem.md",
  exits,
  run: async (asked) => {
    const incident = foldIncident(await named(ledgerOf(place, asked).world.incidents, asked.words[0]));
    const markdown = postMortemMarkdown(incident, place.clock.now());
    answer(asked, { incident: incident.id, markdown }, markdown.split("\n"));
    return 0;
  },
});

const isUnderWay = ({ state }: Incident): boolean => state !== "resolved" && state !== "closed" && state !== "merged";

function limitOf(given: unknown): number {
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Refusal(`--limit "${String(given)}" is not a whole number from 1 to 100.`);
  return limit;
}

/** The incident of this id, or the only one whose id ends in it. @throws {Refusal} with the nearest id. */
async function named(incidents: Incidents, id = ""): Promise<IncidentRecord> {
  const found = await incidents.find(id);
  if (found !== undefined) return found;
  const listed = await incidents.list(100);
  const ending = listed.filter((one) => id.length >= 4 && one.opening.id.endsWith(id));
  const [only] = ending;
  if (only !== undefined && ending.length === 1) return only;
  const close = nearest(
    id,
    listed.map((one) => one.opening.id),
  );
  throw new Refusal(
    `There is no incident "${id}" in the ledger.${close === undefined ? "" : ` Did you mean "${close}"?`} \`npx nightshift incidents list\` shows the newest.`,
  );
}

/** The thread: its header, then what was seen, done and verified, in order. */
export function threadLines(incident: Incident, { all, columns }: { readonly all: boolean; readonly columns: number }): readonly string[] {
  const shown = incident.entries.filter((entry) => all || entry.announce);
  const last = incident.entries.at(-1);
  const took = last === undefined || last.at <= incident.openedAt ? "" : ` · ${sayLength(since(incident.openedAt, last.at))}`;
  const width = Math.max(60, Math.min(columns, 140));
  return [
    ...wrap(`${sayIncident(incident)}${took}`, width, { rest: "  " }),
    "  " + "─".repeat(Math.min(60, width - 2)),
    ...shown.flatMap((entry) => wrap(entry.text, width, { first: `  ${sayClock(entry.at)}  `, rest: " ".repeat(12) })),
  ];
}
