/** A share from 0 to 100. */
export type Percent = number & { readonly unit: "percent" };
/** Marks a number from 0 to 100 as a percentage. */
export const percent = (n: number): Percent => n as Percent;

/** A share as people read it: one decimal below 100, none at it. */
export const sayPercent = (share: Percent): string => `${share >= 99.95 ? "100" : share.toFixed(1)} %`;
