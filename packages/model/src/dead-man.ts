import { hours, type Ms, ms } from "./time.ts";

/** CloudWatch looks back a week at most with hourly periods ("PutMetricAlarm", `EvaluationPeriods`, CloudWatch API Reference, read 2026-11-21). */
const MOST_HOURS = 168;

/** So many hours in a row the dead-man alarm sees the figure above zero, or nothing, before it rings. */
export const deadManHours = (proveEvery: number): number => Math.min(24 * proveEvery, MOST_HOURS);

/** How old the newest proof may be: a day for each night between two, and twice what makes a night late (decision 50). */
export const deadManLimit = (proveEvery: number, lateAfter: Ms): Ms => ms(hours(24) * proveEvery + 2 * lateAfter);

/**
 * The figure that the alarm stands on: how long the newest proof has been old enough to begin counting. Above zero for all of the hours
 * that the alarm looks back exactly when the proof is older than its limit, whatever the limit is tonight.
 */
export const deadManFigure = (age: Ms, { proveEvery, lateAfter }: { readonly proveEvery: number; readonly lateAfter: Ms }): Ms =>
  ms(Math.max(0, age - (deadManLimit(proveEvery, lateAfter) - hours(deadManHours(proveEvery)))));
