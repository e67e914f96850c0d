import { isOver, longestWait } from "@nightshift/decide/incidents/duties";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { type EpochMs, hours, type Incident, minutes, type Ms, ms, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { World } from "@nightshift/ports";
import { eachOf } from "@nightshift/runtime";
import { startRoom } from "@nightshift/runtime/incidents";

/** What looking for dead war rooms needs. */
export type RevivingWorld = Pick<World, "clock" | "incidents" | "wakes" | "starter">;

/** Incidents whose rooms are looked after: the newest. */
const RECENT = 50;
/** How much longer than its longest wait a room may be silent: a round with slow work, or an outage, takes minutes. */
const GRACE = minutes(10);
/** The longest wait of an incident that runs (`longestWait`). */
const CALM = minutes(15);
/** Executions that one hour's room may hand over to, so that the next hour's have names of their own. */
const PARTS = 1_000;

/**
 * Starts the war room anew of every incident that was announced, is not closed, and whose room has not waited for longer than it ever
 * would: it died, by a bug, a permission that was taken away, or an error of the durable service. Once an hour and incident.
 */
export async function reviveRooms({ clock, incidents, wakes, starter }: RevivingWorld): Promise<void> {
  const now = clock.now();
  const hour = Math.floor(now / hours(1));
  await eachOf(await incidents.list(RECENT), async (record) => {
    const incident = foldIncident(record);
    if (incident.announcedAt === undefined || isOver(incident)) return;
    const sign = (await wakes.lastWait(incident.id)) ?? incident.announcedAt;
    if (guard("a room that lives is not doubled", since(sign, now) <= silentFor(incident, now))) return;
    await startRoom({ starter }, incident.id, { name: `revive/${hour}`, part: 1 + hour * PARTS });
  });
}

/** A room may have begun its wait when the incident was calmer, and be in it still. */
const silentFor = (incident: Incident, now: EpochMs): Ms => ms(Math.max(longestWait(incident, now), CALM) + GRACE);
