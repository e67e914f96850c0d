import { type EpochMs, epochMs, type GuardedService, type Look, type MetricSeries, minutes } from "@nightshift/model";
import { allRequests, finished, shareOf, trafficMinutes } from "../figures.ts";
import type { Sign } from "./sign.ts";

/** A sibling is judged by its newest minutes: as many as the shortest rate trigger looks at (`facts/rollback.md` 5). */
const NEWEST = minutes(4);
const FEWEST_REQUESTS = 60;
/** Where a sibling has no error-rate trigger of its own: the documents' 5 %. */
const FAILING_PERCENT = 5;

/** How the services outside the group do right now. One without figures says nothing. */
export function siblingsNow(settings: readonly GuardedService[], series: readonly MetricSeries[], now: EpochMs): NonNullable<Look["siblings"]> {
  return settings.flatMap((sibling) => {
    // Errors of a shared load balancer may be anybody's: only what the sibling itself answered counts.
    const rows = finished(trafficMinutes(series, sibling, false), epochMs(now - NEWEST), now).slice(-2);
    if (allRequests(rows) < FEWEST_REQUESTS) return [];
    const own = sibling.triggers.find((trigger) => trigger.kind === "error-rate");
    return [{ service: sibling.name, failing: shareOf(rows) > (own?.above ?? FAILING_PERCENT) }];
  });
}

/** Services outside the group: when one of them fails the same way, the cause is shared. */
export function siblings(look: Look): readonly Sign[] {
  const all = look.siblings ?? [];
  const failing = all.filter((one) => one.failing).map((one) => one.service);
  if (failing.length > 0)
    return [{ points: "elsewhere", settles: true, says: `${failing.join(", ")} ${failing.length === 1 ? "fails" : "fail"} the same way: shared cause` }];
  return all.length === 0 ? [] : [{ points: "deployment", settles: false, says: "no other service affected" }];
}
