import type { Breach, Trigger } from "@nightshift/model";
import { sayCount, shareOf, sum } from "../figures.ts";
import { judgedMinutes, type Seen } from "../seen.ts";
import { sayBaseline } from "./error-rate.ts";

type ErrorsPerMinute = Extract<Trigger, { kind: "errors-per-minute" }>;

/** More failed requests than so many a minute, so many minutes in a row after exposure (the Customify alarm; hazard 14 says why a rate is better). */
export function errorsPerMinute(trigger: ErrorsPerMinute, seen: Seen): Breach | undefined {
  const newest = judgedMinutes(seen)?.slice(-trigger.times) ?? [];
  if (newest.length < trigger.times || newest.some((row) => row.errors <= trigger.moreThan)) return undefined;
  return {
    service: seen.service.name,
    trigger: "errors-per-minute",
    strength: "soft",
    since: newest[0]?.at ?? seen.now,
    errorShare: shareOf(newest),
    says: `${sayCount(sum(newest.map((row) => row.errors)) / newest.length)} 5xx a minute, more than ${sayCount(trigger.moreThan)} in ${newest.length} of ${newest.length} minutes ${sayBaseline(seen)}`,
  };
}
