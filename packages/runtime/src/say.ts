import type { Header, Line } from "./automation.ts";
import type { At } from "./needs.ts";

/** Opens the incident if it is new, moves its header, and adds each line once: a repeated line has the same key and changes nothing. */
export async function sayLines({ world, checkpoints }: At, name: string, incident: Header, lines: readonly Line[]): Promise<void> {
  await checkpoints.once(name, async () => {
    await world.incidents.open(incident);
    for (const line of lines) await world.incidents.say(incident.id, line);
    await world.incidents.settle(incident.id, incident.state, { severity: incident.severity, title: incident.title });
  });
}
