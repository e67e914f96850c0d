import { isTold, queueGroupOf } from "@nightshift/decide/delivery/index";
import { foldIncident } from "@nightshift/decide/incidents/fold";
import { days, type IncidentPolicy, since } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { eachOf } from "@nightshift/runtime";

/** What looking for the unsent needs. */
export type UnsentWorld = Pick<World, "clock" | "incidents" | "deliveries" | "outbox">;

/** Incidents whose messages are checked: the newest. */
const RECENT = 50;
/** What nobody could be told for so long is history. */
const TOO_LATE = days(1);

/**
 * Nudges every recent incident of which something is untold or stuck: a nudge that was lost, a sender that died with its message, a channel
 * that was put right again. The notifier does the rest.
 */
export async function nudgeUnsent(world: UnsentWorld, policy: IncidentPolicy): Promise<void> {
  const now = world.clock.now();
  await eachOf(await world.incidents.list(RECENT), async (record) => {
    const incident = foldIncident(record);
    if (incident.closedAt !== undefined && since(incident.closedAt, now) > TOO_LATE) return;
    if (isTold(incident, await world.deliveries.all(incident.id))) return;
    await world.outbox.nudge(queueGroupOf(incident, policy), incident.id, `sweep/${now}`);
  });
}
