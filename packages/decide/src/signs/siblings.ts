import { type Breach, type EpochMs, epochMs, type GuardedService, type Look, type MetricSeries, minutes } from "@nightshift/model";
import { allRequests, finished, shareOf, trafficMinutes } from "../figures.ts";
import type { Sign } from "./sign.ts";

/** A sibling is judged by its newest minutes: as many as the shortest rate trigger looks at (`facts/rollback.md` 5). */
const NEWEST = minutes(4);
const FEWEST_REQUESTS = 60;
/** Where a sibling has no error-rate trigger of its own: the documents' 5 %. */
const FAILING_PERCENT = 5;

/** A pause or a single blip is no "before": as many minutes as the widest "now" of the blame check. */
const FEWEST_BEFORE = 3;
/** A look reads half an hour; late in a watch its first five minutes stand for "before". */
const REACH = minutes(25);

/**
 * How the services outside the group do right now, against before the judged deployment began (`since`). One without
 * figures says nothing, and neither does one that failed before already or cannot show that it did not: it is no news.
 */
export function siblingsNow(
  settings: readonly GuardedService[],
  series: readonly MetricSeries[],
  { now, since }: { readonly now: EpochMs; readonly since: EpochMs },
): NonNullable<Look["siblings"]> {
  return settings.flatMap((sibling): NonNullable<Look["siblings"]> => {
    // Errors of a shared load balancer may be anybody's: only what the sibling itself answered counts.
    const all = trafficMinutes(series, sibling, false);
    const rows = finished(all, epochMs(now - NEWEST), now).slice(-2);
    if (allRequests(rows) < FEWEST_REQUESTS) return [];
    const own = sibling.triggers.find((trigger) => trigger.kind === "error-rate");
    const bound = own?.above ?? FAILING_PERCENT;
    const failing = shareOf(rows) > bound;
    if (!failing) return [{ service: sibling.name, failing }];
    const earlier = finished(all, epochMs(0), epochMs(Math.max(since, now - REACH)));
    if (earlier.length < FEWEST_BEFORE || allRequests(earlier) < FEWEST_REQUESTS) return [];
    return shareOf(earlier) > bound ? [] : [{ service: sibling.name, failing }];
  });
}

/** Services outside the group: when one of them fails the same way, the cause is shared. It never outweighs hard evidence, which is the revision's own. */
export function siblings(look: Look, strength: Breach["strength"]): readonly Sign[] {
  const all = look.siblings ?? [];
  const failing = all.filter((one) => one.failing).map((one) => one.service);
  if (failing.length > 0)
    return [
      {
        points: "elsewhere",
        settles: strength === "soft",
        says: `${failing.join(", ")} ${failing.length === 1 ? "fails" : "fail"} the same way: shared cause`,
      },
    ];
  return all.length === 0 ? [] : [{ points: "deployment", settles: false, says: "no other service affected" }];
}
