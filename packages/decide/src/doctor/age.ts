import { type EpochMs, hours, since } from "@nightshift/model";

const DAY = hours(24);

/** No datapoint for more than 24 h. */
export const isBlind = (last: EpochMs | "none", now: EpochMs): boolean => last === "none" || since(last, now) > DAY;
