import { foldIncident } from "@nightshift/decide/incidents/fold";
import { type EpochMs, type Incident, sayLength, since } from "@nightshift/model";
import { openOnes, recentIncidents } from "../incident.ts";
import { answered, type Carry, card } from "../verb.ts";

/** How many the list shows; the newest hundred are read. */
const SHOWN = 40;

/** Lists open incidents, or the newest hundred. */
export const incidents: Carry<"incidents"> = async ({ all }, { world, now }) => {
  const found = all ? (await world.incidents.list(100)).map(foldIncident) : openOnes(await recentIncidents(world));
  const more = found.length > SHOWN ? [`… and ${found.length - SHOWN} more: npx nightshift incidents list`] : [];
  const summary = found.length === 0 ? (all ? "There was no incident yet." : "No incident is open.") : `${found.length} incidents${all ? "" : " are open"}:`;
  return answered(card(summary, [...found.slice(0, SHOWN).map((one) => sayIncident(one, now)), ...more]));
};

/** One incident in one line. */
const sayIncident = (one: Incident, now: EpochMs): string =>
  `${one.id} ${one.severity} ${one.state}${one.acked === undefined ? "" : ` by ${one.acked.by}`}, ${sayLength(since(one.openedAt, now))}: ${one.title}`;
