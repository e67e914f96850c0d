import { type GuardSettings, hours, minutes } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { type Needs, notify, plainCheckpoints, play } from "@nightshift/runtime";
import { tail } from "./automation.ts";
import type { manifest } from "./manifest.ts";

/** The part of the world the sweep sees. */
export type SweepWorld = Pick<World, (typeof manifest)["uses"][number]> & Needs;

/** Incidents whose lines are checked for being sent: the newest. */
const RECENT = 50;

/** How often the schedule rings (manifest.ts). */
const EVERY = minutes(5);

/** Looks at the tail of each group, then sends whatever was left unsent. Two deliveries of one tick are one piece of work. */
export async function sweep({ world, groups, channel }: { world: SweepWorld; groups: readonly GuardSettings[]; channel: string | undefined }): Promise<void> {
  const tick = Math.floor(world.clock.now() / EVERY);
  const askForImages = tick % Math.round(hours(1) / EVERY) === 0;
  for (const settings of groups) {
    await play(tail, { event: { group: settings.group, occasion: String(tick), askForImages }, settings, world, checkpoints: plainCheckpoints() });
  }
  for (const incident of await world.incidents.list(RECENT)) await notify(world, incident.id, channel);
}
