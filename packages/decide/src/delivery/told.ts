import type { Delivery, Incident } from "@nightshift/model";
import { headersIn, messagesIn, pagesIn, standingHeader, stateKey, toldBy, wasDeleted } from "./rows.ts";
import { stateShown } from "./update-step.ts";

/** Whether nothing of an incident waits to be told, as far as its rows say without drawing its header. */
export function isTold(incident: Incident, rows: readonly Delivery[]): boolean {
  if (incident.announcedAt === undefined) return true;
  const messages = messagesIn(rows);
  // Without Slack, pages are all there is.
  if (messages.length === 0) return pagesIn(rows).some((row) => row.state === "sent" && (row.shown ?? "open:0") === stateKey(incident));
  const header = standingHeader("home", rows);
  if (header === undefined) return headersIn("home", rows).filter(wasDeleted).length > 1;
  const told = toldBy(rows);
  const stuck = messages.some((row) => row.state !== "sent" && !wasDeleted(row));
  return !stuck && header.shown?.startsWith(stateShown(incident)) === true && incident.entries.every(({ announce, key }) => !announce || told.has(key));
}
