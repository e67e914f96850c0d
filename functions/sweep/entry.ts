import { epochMs, type GuardSettings, hours } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { type Needs, plainCheckpoints, play } from "@nightshift/runtime";
import { notify } from "../notifier/notify.ts";
import { tail } from "./automation.ts";
import type { manifest } from "./manifest.ts";

/** The part of the world the sweep sees. */
export type SweepWorld = Pick<World, (typeof manifest)["uses"][number]> & Needs;

/** Incidents whose lines are checked for being sent: the newest. */
const RECENT = 50;

/** What starts a sweep: the hourly schedule (no group), or the dispatcher for one group. */
export interface SweepDue {
  readonly group?: string;
}

/** Looks at the tail of each group, then sends whatever was left unsent. */
export async function sweep(due: SweepDue, { world, groups, channel }: { world: SweepWorld; groups: readonly GuardSettings[]; channel: string }): Promise<void> {
  const hour = String(Math.floor(epochMs(world.clock.now()) / hours(1)));
  for (const settings of groups) {
    if (due.group !== undefined && due.group !== settings.group) continue;
    await play(tail, { event: { group: settings.group, occasion: due.group === undefined ? hour : `alarm-${world.clock.now()}` }, settings, world, checkpoints: plainCheckpoints() });
  }
  if (due.group !== undefined) return;
  for (const incident of await world.incidents.list(RECENT)) await notify(world, incident.id, channel);
}
