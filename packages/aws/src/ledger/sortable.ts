import type { EpochMs } from "@nightshift/model";

/** A moment as a sort key: 15 digits, enough until the year 33658, so that text order is time order. */
export const sortableMoment = (at: EpochMs): string => String(Math.max(0, Math.trunc(at))).padStart(15, "0");

/** A sequence number as a sort key: 12 digits. */
export const sortableNumber = (n: number): string => String(n).padStart(12, "0");

/** After every printable character: the end of a range of keys that share a beginning. */
export const LAST = "\uffff";
