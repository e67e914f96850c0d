import { type GuardSettings, hours, type IncidentPolicy, minutes, since } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { nudgeBulletins } from "@nightshift/runtime/bulletin";
import { eachOf, hearSilenced, type Needs, plainCheckpoints, play, startWatch } from "@nightshift/runtime";
import { tail } from "./automation.ts";
import type { manifest } from "./manifest.ts";
import { reviveRooms } from "./revive.ts";
import { nudgeUnsent } from "./unsent.ts";

/** The part of the world the sweep sees. */
export type SweepWorld = Pick<World, (typeof manifest)["uses"][number]> & Needs;

/** How often the schedule rings (manifest.ts). */
const EVERY = minutes(5);

/**
 * Looks at the tail of each group, for deployments nobody watches and for alarms whose silence has ended, then nudges whatever was left
 * unsent. Two deliveries of one tick are one piece of work. What fails is thrown at the end: a service that is gone must not hide the other groups' lost events.
 */
export async function sweep({ world, groups, policy }: { world: SweepWorld; groups: readonly GuardSettings[]; policy: IncidentPolicy }): Promise<void> {
  const tick = Math.floor(world.clock.now() / EVERY);
  const askForImages = tick % Math.round(hours(1) / EVERY) === 0;
  const tails = groups.map((settings) => async () => {
    await play(tail, { event: { group: settings.group, occasion: String(tick), askForImages }, settings, world, checkpoints: plainCheckpoints() });
  });
  const lost = groups.map((settings) => () => watchUnwatched(world, settings));
  const unsent = () => nudgeUnsent(world, policy);
  const bulletins = () => nudgeBulletins(world, policy, String(tick));
  const rooms = () => reviveRooms(world);
  const silenced = () => hearSilenced(world, { policy, groups, now: world.clock.now() });
  await eachOf([...tails, ...lost, silenced, rooms, unsent, bulletins], (work) => work());
}

/**
 * Starts the watch over a deployment under way that nobody watches: its event was lost, it came while a rollback was under way,
 * or the row was written and the start was lost. Starting what runs already is harmless.
 */
async function watchUnwatched(world: SweepWorld, settings: GuardSettings): Promise<void> {
  const states = await world.services.describe(settings.services.map((one) => ({ cluster: one.cluster, service: one.name })));
  for (const { ref, deployments } of states) {
    const primary = deployments[0];
    // A hotfix may have come and completed while a rollback was under way; what is older than an hour is history.
    if (primary === undefined || primary.rolloutState === "FAILED" || since(primary.createdAt, world.clock.now()) > hours(1)) continue;
    await startWatch(world, { group: settings.group, service: ref.service, deployment: primary.id, at: primary.createdAt });
  }
}
