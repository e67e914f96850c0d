import type { EpochMs, Incident } from "@nightshift/model";
import { type Due, dueNow, nothingDue, roomLine, stands } from "./duties-words.ts";
import { templateTitle, warRoomTemplate } from "./template.ts";

/** What one row shows in the thread; the post-mortem has all of it. */
const LONGEST_ROW = 400;

/** The war room template, filled in as far as the record knows, once at each end: what is left open says who writes it, and how. */
export function showTemplate(incident: Incident, now: EpochMs): Due {
  if (incident.state !== "resolved") return nothingDue;
  const key = `template/${incident.turns.reopened + 1}`;
  if (stands(incident, key)) return nothingDue;
  const rows = warRoomTemplate(incident, now).map(({ name, lines }) => cut(`${name}: ${lines.join("; ")}`));
  return dueNow({ kind: "tell", key, entry: roomLine(now, { key, kind: "note", text: [templateTitle(incident), ...rows].join("\n") }) });
}

const cut = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length <= LONGEST_ROW ? line : `${line.slice(0, LONGEST_ROW - 1)}…`;
};
