import type { IncidentPolicy, Opening } from "@nightshift/model";

/** Where an incident may be told, the best place first: its service's or group's own channel, then the incidents channel, then the team's. Empty: no Slack. */
export function channelsOf({ service, group }: Pick<Opening, "service" | "group">, { channels }: Pick<IncidentPolicy, "channels">): readonly string[] {
  const wanted = [channels.byService[service], channels.byService[group], channels.incidents, channels.ops];
  return [...new Set(wanted.filter((one) => one !== undefined))];
}

/**
 * The channel of an incident's thread, and the name of its queue group: one sender a channel. It stays the same when the incident
 * gets a channel of its own, since nobody else writes there: that channel's messages go through the same group.
 */
export const channelOf = (opening: Pick<Opening, "service" | "group">, policy: Pick<IncidentPolicy, "channels">): string | undefined =>
  channelsOf(opening, policy)[0];

/** The queue group of an incident: its channel, or the group of those that are told by SNS only. */
export const queueGroupOf = (opening: Pick<Opening, "service" | "group">, policy: Pick<IncidentPolicy, "channels">): string =>
  channelOf(opening, policy) ?? "none";

/** The group, and the name, of heartbeats on their way. */
export const HEARTBEAT = "heartbeat";
