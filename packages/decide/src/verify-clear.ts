import type { EpochMs, GuardedService, MemberLook, MemberPlan, Ms, TaskFacts, Trigger } from "@nightshift/model";
import { epochMs, minutes, ms, sayPercent } from "@nightshift/model";
import { allRequests, finished, ownsBalancer, pointsOf, sayCount, shareOf, trafficMinutes } from "./figures.ts";

/** What "clear" is judged from. */
export interface ToClear {
  readonly service: GuardedService;
  readonly look: MemberLook;
  readonly tasks: readonly TaskFacts[];
  readonly plan: MemberPlan;
  /** When the good revision began to serve alone. */
  readonly since: EpochMs;
  readonly now: EpochMs;
  /** Left out, as they were while watching (hazard 10). */
  readonly alarmsBefore: readonly string[];
}

/** A trigger has to be clear within its own length and two minutes more (`facts/rollback.md` 6.3 G7). */
const GRACE = minutes(2);
/** Minutes that must be good; fewer could be a pause of a flapping fault (hazard 15). */
const GOOD_MINUTES = 2;
const QUIET = minutes(2);

/** How long after traffic is restored the trigger may take to clear. */
export const clearWithin = (service: GuardedService): Ms => ms(Math.max(minutes(2), ...service.triggers.map(lengthOf)) + GRACE);

const lengthOf = (trigger: Trigger): number => ("for" in trigger ? trigger.for : trigger.kind === "errors-per-minute" ? trigger.times * minutes(1) : 0);

/** Whether what breached is over under the good revision: undefined where the figures cannot tell yet. */
export function clearSince(on: ToClear): { readonly clear: boolean | undefined; readonly says: string | undefined } {
  const bad = stillFailing(on);
  if (bad !== undefined) return { clear: false, says: bad };
  if (on.now - on.since < QUIET) return { clear: undefined, says: undefined };
  if (on.service.traffic === undefined) return { clear: true, says: "no task crashed since" };
  return byTraffic(on);
}

/** Smoke tests, targets, tasks and alarms speak at once. */
function stillFailing({ look, tasks, plan, since, service, alarmsBefore }: ToClear): string | undefined {
  const smoke = look.smoke.find((result) => !result.ok);
  if (smoke !== undefined) return `smoke test "${smoke.name}" still fails: ${smoke.because}`;
  const unhealthy = look.targets.ok ? look.targets.value.filter((target) => target.state === "unhealthy").length : 0;
  if (unhealthy > 0) return `${unhealthy} targets are unhealthy`;
  const crashed = tasks.filter(
    (task) => task.startedBy !== plan.expectDeployment && task.stopped !== undefined && task.stopped.at > since && task.stopped.cause === "app",
  );
  if (crashed.length > 1) return `${crashed.length} tasks of the good revision crashed as well`;
  const names = service.triggers.flatMap((trigger) => (trigger.kind === "alarms" ? trigger.names : []));
  const ringing = look.alarms.find((alarm) => names.includes(alarm.name) && !alarmsBefore.includes(alarm.name) && alarm.value === "ALARM");
  return ringing === undefined ? undefined : `alarm ${ringing.name} still rings`;
}

function byTraffic({ service, look, since, now }: ToClear): { readonly clear: boolean | undefined; readonly says: string | undefined } {
  if (!look.metrics.ok) return { clear: undefined, says: undefined };
  const series = look.metrics.value;
  const rows = finished(trafficMinutes(series, service, ownsBalancer(series, service) ?? false), since, now).slice(-GOOD_MINUTES);
  // No request since: nothing fails, and nothing proves that it works. The digests and health checks have to do.
  if (rows.length === 0)
    return now - since < clearWithin(service) - minutes(1) ? { clear: undefined, says: undefined } : { clear: true, says: "no requests since" };
  if (rows.length < GOOD_MINUTES) return { clear: undefined, says: undefined };
  const share = shareOf(rows);
  const says = `5xx ${sayPercent(share)} of ${sayCount(allRequests(rows))} requests for ${GOOD_MINUTES} min`;
  const slow = service.triggers.some((trigger) => {
    if (trigger.kind !== "latency") return false;
    const points = finished(pointsOf(series, service, `latency_${trigger.statistic}`), epochMs(since), now).slice(-GOOD_MINUTES);
    return points.length > 0 && points.every((point) => point.value * 1_000 > trigger.above);
  });
  const failing = service.triggers.some(
    (trigger) =>
      (trigger.kind === "error-rate" && share > trigger.above) || (trigger.kind === "errors-per-minute" && rows.every((row) => row.errors > trigger.moreThan)),
  );
  return { clear: !slow && !failing, says: slow ? `${says}, but still slow` : says };
}
