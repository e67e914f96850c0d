import { announceEntry } from "@nightshift/decide/incidents/transitions";
import type { Entry } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import type { Header, Line } from "./automation.ts";
import { openIncident, startRoom } from "./incidents.ts";
import type { At } from "./needs.ts";
import { wakeRoom } from "./wake.ts";

/** What telling an incident needs of the world. */
export type TellingWorld = Pick<World, "clock" | "incidents" | "groups" | "wakes" | "starter">;

/** One telling: what is said, by which automation, at which of its stations. */
export interface Telling {
  readonly header: Header;
  readonly lines: readonly Line[];
  /** `guard`; with the station it names the standing, so that the same telling is one. */
  readonly automation: string;
  readonly station: string;
}

/** Tells once what an automation has to say: opens or joins the incident, adds lines, says how far the automation is. */
export async function sayLines({ world, checkpoints, key }: At, name: string, header: Header, lines: readonly Line[]): Promise<void> {
  const automation = key.split("/")[0] ?? key;
  await checkpoints.once(name, async () => {
    await tellIncident(world, { header, lines, automation, station: name });
  });
}

/**
 * Opens the incident, or joins the one that its group has, and adds each line once; then how far the automation is, the
 * first notice, and the war room. Returns the id that stands. Safe to repeat: a repeated line has the same key and changes nothing.
 */
export async function tellIncident(world: TellingWorld, { header, lines, automation, station }: Telling): Promise<string> {
  const { standing, titled, ...opening } = header;
  const { id } = await openIncident(world, opening);
  const actor = `nightshift/${automation}`;
  const change = { what: "standing" as const, automation, standing, severity: header.severity, ...(titled === false ? {} : { title: header.title }) };
  const stands: Entry = {
    key: `standing/${automation}/${station}`,
    at: world.clock.now(),
    kind: "changed",
    text: header.title,
    announce: false,
    actor,
    change,
  };
  let news = false;
  // Under another name, the work's own name keeps its lines apart from those of other work in the same incident.
  for (const entry of [...lines, stands]) {
    const key = id === opening.id ? entry.key : `${opening.id}/${entry.key}`;
    news = (await world.incidents.say(id, { ...entry, key, actor: entry.actor ?? actor })) || news;
  }
  // A verdict is worth a notice at once, whatever the group waits for.
  news = (await world.incidents.say(id, announceEntry(world.clock.now(), actor))) || news;
  await startRoom(world, id);
  if (news) await wakeRoom(world, id);
  return id;
}
