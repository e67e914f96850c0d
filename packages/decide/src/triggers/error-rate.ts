import type { Breach, Trigger } from "@nightshift/model";
import { minutes, sayPercent } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { allRequests, type Minute, sayCount, shareOf, sum } from "../figures.ts";
import { baselineMinutes, judgedMinutes, type Seen } from "../seen.ts";

type ErrorRate = Extract<Trigger, { kind: "error-rate" }>;
/** How far back the window is widened for a service with few requests; older errors say little about now. */
const WIDEST = 15;

/**
 * Too many failed requests: each of the newest minutes after exposure over the threshold (decision 10), with a sample
 * large enough to mean it (hazard 13). Too small a sample widens the window until it is large enough.
 */
export function errorRate(trigger: ErrorRate, seen: Seen): Breach | undefined {
  const rows = judgedMinutes(seen);
  const wanted = Math.max(1, Math.round(trigger.for / minutes(1)));
  if (rows === undefined || rows.length < wanted) return undefined;
  const newest = rows.slice(-wanted);
  const window = enough(newest, trigger) ? newest : widened(rows, trigger);
  if (window === undefined || shareOf(window) <= trigger.above) return undefined;
  if (guard("every minute over the rate", window === newest ? !newest.every((row) => shareOf([row]) > trigger.above) : !persists(window, newest)))
    return undefined;
  return {
    service: seen.service.name,
    trigger: "error-rate",
    strength: "soft",
    since: window[0]?.at ?? seen.now,
    errorShare: shareOf(window),
    says: `5xx ${sayPercent(shareOf(window))} of ${sayCount(allRequests(window))} requests, ${window.length} of ${window.length} minutes ${sayBaseline(seen)}`,
  };
}

const enough = (rows: readonly Minute[], { minRequests, minErrors }: ErrorRate): boolean =>
  !guard("enough requests for a rate", allRequests(rows) < minRequests || sum(rows.map((row) => row.errors)) < minErrors);

/** The shortest longer window that holds enough; undefined when even the widest does not. */
function widened(rows: readonly Minute[], trigger: ErrorRate): readonly Minute[] | undefined {
  for (let length = 1; length <= Math.min(WIDEST, rows.length); length++) {
    const window = rows.slice(-length);
    if (length * minutes(1) > trigger.for && enough(window, trigger)) return window;
  }
  return undefined;
}

/** In a widened window single minutes are too thin to judge: errors in two of them, and not over by now, must do. */
const persists = (window: readonly Minute[], newest: readonly Minute[]): boolean =>
  window.filter((row) => row.errors > 0).length >= 2 && newest.some((row) => row.errors > 0);

/** `(before: 0.2 %; same hour last week: 0.3 %)`. */
export function sayBaseline(seen: Seen): string {
  const { before, lastWeek } = baselineMinutes(seen);
  const say = (rows: readonly Minute[]) => (allRequests(rows) === 0 ? "no requests" : sayPercent(shareOf(rows)));
  return `(before: ${say(before)}; same hour last week: ${say(lastWeek)})`;
}
