import { type ControlState, type EpochMs, hours, sayLength, since } from "@nightshift/model";
import { sayMoment } from "../frame/format.ts";

/** How far back the longest default budget looks (decision: 2 in 6 hours). */
const SPENT_WITHIN = hours(6);

/** What stands in the way of automatic actions now: holds and leases in force, and what was spent in the last six hours. Pure. */
export const standingIn = ({ holds, leases, spent }: ControlState, now: EpochMs): Pick<ControlState, "holds" | "leases" | "spent"> => ({
  holds: holds.filter((one) => one.until === undefined || one.until > now),
  leases: leases.filter((one) => one.until > now),
  spent: spent.filter((one) => since(one.at, now) < SPENT_WITHIN),
});

/** The same as a person reads it. */
export function standingLines({ holds, leases, spent }: ReturnType<typeof standingIn>, now: EpochMs): readonly string[] {
  const left = (until: EpochMs): string => `for ${sayLength(since(now, until))} more`;
  return [
    ...(holds.length === 0 ? ["Nothing is held."] : []),
    ...holds.map(
      (one) =>
        `Held: ${one.scope === "all" ? "everything" : one.scope}, ${one.until === undefined ? "until it is released" : left(one.until)}, by ${one.by}: ${one.because}`,
    ),
    ...(leases.length === 0 ? ["No lease is in force."] : []),
    ...leases.map((one) => `Leased: ${one.resource}, for a ${one.purpose}, ${left(one.until)}, by ${one.holder}`),
    ...(spent.length === 0 ? ["Nothing was spent in the last 6 h."] : []),
    ...spent.map((one) => `Spent: ${one.kind === "rollback" ? "a rollback" : "a change"} of ${one.service}, ${sayMoment(one.at)} UTC, ${one.mutations} calls`),
  ];
}
