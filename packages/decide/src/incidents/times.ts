import { type EpochMs, type Incident, ms, type Ms, since } from "@nightshift/model";

/** How long each station took, from the first sign; undefined: it never came (`requirements.md` I10). */
export interface IncidentTimes {
  /** To the first notice. */
  readonly notice: Ms | undefined;
  readonly acknowledge: Ms | undefined;
  readonly mitigate: Ms | undefined;
  readonly resolve: Ms | undefined;
}

/** The clocks of one incident. */
export const timesOf = (incident: Incident): IncidentTimes => {
  const from = (at: EpochMs | undefined) => (at === undefined ? undefined : since(incident.openedAt, at));
  return {
    notice: from(incident.announcedAt),
    acknowledge: from(incident.firstAckAt),
    mitigate: from(incident.mitigatedAt),
    resolve: from(incident.resolvedAt),
  };
};

/** The middle of several lengths; of an even number the lower of the two in the middle, so that it is one that happened. */
export function medianOf(lengths: readonly (Ms | undefined)[]): Ms | undefined {
  const known = lengths.filter((one) => one !== undefined).toSorted((a, b) => a - b);
  return known[Math.floor((known.length - 1) / 2)];
}

/** The average of several lengths, which MTTR and MTTA mean. */
export function meanOf(lengths: readonly (Ms | undefined)[]): Ms | undefined {
  const known = lengths.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : ms(known.reduce((total, one) => total + one, 0) / known.length);
}
