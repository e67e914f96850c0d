import { minutes, type RungAlarm } from "@nightshift/model";

/** Three changes within a quarter of an hour (`facts/incidents.md` 7.5). */
const CHANGES = 3;
const WITHIN = minutes(15);

/** True where its newest three changes fell within 15 minutes, both ends included: its single moves are no news any more. */
export function isFlapping({ changes }: Pick<RungAlarm, "changes">): boolean {
  const newest = changes[0];
  const third = changes[CHANGES - 1];
  return newest !== undefined && third !== undefined && newest - third <= WITHIN;
}
