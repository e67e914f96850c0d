import { hours, minutes } from "@nightshift/model";

/** The values behind the sentences of this folder (facts/reliability.md 3.4). */
export const parameters = {
  /** A drill's instance may outlive its expiry by so long: a sweep every 15 minutes, one that RDS refuses, and the deletion itself. */
  drillOutlives: hours(1),
  /** A missed night is told within so long after it was due to be over. */
  missedNightToldWithin: minutes(65),
} as const;
