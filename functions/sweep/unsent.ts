import { isTold, queueGroupOf } from "@nightshift/decide/delivery/index";
import { days, type EpochMs, type Incident, type IncidentPolicy, since } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { eachOf, jsonLog } from "@nightshift/runtime";
import { recentIncidents } from "@nightshift/runtime/recent-incidents";

/** What looking for the unsent needs. */
export type UnsentWorld = Pick<World, "clock" | "incidents" | "deliveries" | "outbox">;

/** What nobody could be told for so long is history. */
const TOO_LATE = days(1);

/**
 * Nudges every recent incident of which something is untold or stuck: a nudge that was lost, a sender that died with its message, a channel
 * that was put right again. The notifier does the rest. One that cannot be read is logged, and keeps no other from being told.
 */
export async function nudgeUnsent(world: UnsentWorld, policy: IncidentPolicy, log = jsonLog): Promise<void> {
  const now = world.clock.now();
  const { incidents, unreadable } = await recentIncidents(world, (incident) => isNews(incident, now));
  for (const { id, because } of unreadable)
    log({ level: "error", message: "an incident cannot be read by this release, and is not told", incident: id, because });
  await eachOf(incidents, async (incident) => {
    if (!isNews(incident, now) || isTold(incident, await world.deliveries.all(incident.id))) return;
    await world.outbox.nudge(queueGroupOf(incident, policy), incident.id, `sweep/${now}`);
  });
}

const isNews = ({ closedAt }: Incident, now: EpochMs): boolean => closedAt === undefined || since(closedAt, now) <= TOO_LATE;
