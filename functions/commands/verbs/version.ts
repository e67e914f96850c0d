import { sayLength, since } from "@nightshift/model";
import { answered, type Carry, card } from "../verb.ts";

/** Says what is installed, and when the whole way from an event to Slack last worked. */
export const version: Carry<"version"> = async (_, { world, installed, policy, now }) => {
  const beat = await world.heartbeats.last();
  return answered(
    card(`Nightshift (${installed}) for ${policy.product} in ${policy.zone}.`, [
      beat === undefined ? "No heartbeat was seen yet." : `Last heartbeat ${sayLength(since(beat.at, now))} ago.`,
      beat?.slackAt === undefined ? "Slack has not answered a heartbeat yet." : `Slack last answered ${sayLength(since(beat.slackAt, now))} ago.`,
    ]),
  );
};
