import { foldIncident } from "@nightshift/decide/incidents/fold";
import { type EpochMs, type Incident, sayLength, since } from "@nightshift/model";
import { incidentsAround, openOnes } from "../incident.ts";
import { answered, type Carry, card, type CommandsWorld } from "../verb.ts";

/** How many the list shows. */
const SHOWN = 40;
/** How many the whole list is made of. */
const ALL = 100;

/** Lists open incidents, or the newest hundred, and says how many there are. */
export const incidents: Carry<"incidents"> = async ({ all }, { world, now }) => {
  const { found, unreadable, more } = all ? await newest(world) : await open(world);
  const hidden = found.length > SHOWN ? [`… and ${found.length - SHOWN} more: npx nightshift incidents list`] : [];
  const strange = unreadable.map((id) => `${id} cannot be read by this release of Nightshift: a newer one wrote it. Install that one again to work on it.`);
  return answered(card(sayCount(found.length, { all, more }), [...found.slice(0, SHOWN).map((one) => sayIncident(one, now)), ...hidden, ...strange]));
};

async function newest(world: CommandsWorld) {
  const unreadable: string[] = [];
  const found = (await world.incidents.list(ALL, { unreadable: (id) => void unreadable.push(id) })).map(foldIncident);
  return { found, unreadable, more: false };
}

async function open(world: CommandsWorld) {
  const around = await incidentsAround(world);
  return { found: openOnes(around.incidents), unreadable: around.unreadable.map(({ id }) => id), more: around.more };
}

function sayCount(count: number, { all, more }: { readonly all: boolean; readonly more: boolean }): string {
  if (all) return count === 0 ? "There was no incident yet." : count === 1 ? "The newest incident:" : `The newest ${count} incidents:`;
  if (count === 0) return "No incident is open.";
  return `${more ? "At least " : ""}${count === 1 ? "1 incident is" : `${count} incidents are`} open:`;
}

/** One incident in one line. */
const sayIncident = (one: Incident, now: EpochMs): string =>
  `${one.id} ${one.severity} ${one.state}${one.acked === undefined ? "" : ` by ${one.acked.by}`}, ${sayLength(since(one.openedAt, now))}: ${one.title}`;
