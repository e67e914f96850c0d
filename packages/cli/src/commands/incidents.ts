import type { Incident } from "@nightshift/model";
import { sayClock, sayLength, since } from "@nightshift/model";
import { headerText } from "@nightshift/runtime";
import { type Command, Refusal, textOf } from "../frame/command.ts";
import { answer, sayMoment, screenful, table, wrap } from "../frame/format.ts";
import { nearest } from "../frame/nearest.ts";
import { ledgerOf, ledgerOptions } from "../place/account.ts";
import type { Place } from "../place/place.ts";

/** The newest incidents, one line each. */
export const incidentsList = (place: Place): Command => ({
  path: ["incidents", "list"],
  group: "Read it",
  summary: "The newest incidents",
  options: { limit: { type: "text", value: "N", says: "how many, at most 100", default: "20" }, ...ledgerOptions },
  example: "npx nightshift incidents list --limit 5",
  exits: { 1: "AWS refused or did not answer" },
  run: async (asked) => {
    const limit = Number(textOf(asked, "limit"));
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Refusal(`--limit "${textOf(asked, "limit")}" is not a whole number from 1 to 100.`);
    const incidents = await ledgerOf(place, asked).world.incidents.list(limit);
    const rows = incidents.map((one) => [one.id, one.severity, one.state, sayMoment(one.openedAt), one.title]);
    const lines =
      incidents.length === 0
        ? ["No incident yet."]
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
  exits: { 1: "AWS refused or did not answer" },
  run: async (asked) => {
    const [id = ""] = asked.words;
    const { incidents } = ledgerOf(place, asked).world;
    const incident = await incidents.find(id);
    if (incident === undefined) {
      const known = (await incidents.list(100)).map((one) => one.id);
      const close = nearest(id, known);
      throw new Refusal(
        `There is no incident "${id}" in the ledger.${close === undefined ? "" : ` Did you mean "${close}"?`} \`npx nightshift incidents list\` shows the newest.`,
      );
    }
    const all = asked.options["all"] === true;
    const lines = threadLines(incident, { all, columns: asked.io.columns });
    answer(asked, incident, all ? lines : screenful(lines, "--all"));
    return 0;
  },
});

/** The thread: its header, then what was seen, done and verified, in order. */
export function threadLines(incident: Incident, { all, columns }: { readonly all: boolean; readonly columns: number }): readonly string[] {
  const shown = incident.entries.filter((entry) => all || entry.announce);
  const last = incident.entries.at(-1);
  const took = last === undefined || last.at <= incident.openedAt ? "" : ` · ${sayLength(since(incident.openedAt, last.at))}`;
  const width = Math.max(60, Math.min(columns, 140));
  return [
    ...wrap(`${headerText(incident)}${took}`, width, { rest: "  " }),
    "  " + "─".repeat(Math.min(60, width - 2)),
    ...shown.flatMap((entry) => wrap(entry.text, width, { first: `  ${sayClock(entry.at)}  `, rest: " ".repeat(12) })),
  ];
}
