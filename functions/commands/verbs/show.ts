import { sayClock, sayLength, since } from "@nightshift/model";
import { answered, type Carry, card, refused } from "../verb.ts";

/** Newest lines of the timeline that fit into an answer. */
const LINES = 25;

/** Shows one incident: how it stands, and its timeline. */
export const show: Carry<"show"> = async (_, { incident, now }) => {
  if (incident === undefined) return refused("No incident is meant here; name one.");
  const { entries } = incident;
  const left = entries.length > LINES ? [`(${entries.length - LINES} earlier lines are left out: npx nightshift incidents show ${incident.id})`] : [];
  const shown = card(`${incident.id} ${incident.severity} ${incident.state}: ${incident.title}`, [
    `open for ${sayLength(since(incident.openedAt, incident.resolvedAt ?? now))}; ${incident.acked === undefined ? "nobody has acknowledged it" : `acknowledged by ${incident.acked.by}`}`,
    `${incident.firing} ${incident.firing === 1 ? "alarm rings" : "alarms ring"}, ${incident.inhibited} ${incident.inhibited === 1 ? "is" : "are"} muted`,
    ...left,
    ...entries.slice(-LINES).map((entry) => `${sayClock(entry.at)}  ${entry.text}`),
  ]);
  return answered(shown);
};
