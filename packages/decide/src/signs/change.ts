import type { Breach, EpochMs } from "@nightshift/model";
import { epochMs, minutes, sayLength, sayPercent, seconds, since } from "@nightshift/model";
import { allRequests, type Minute, sayCount, shareOf, sum } from "../figures.ts";
import { type Level, levelOf, onsetOf } from "../levels.ts";
import { baselineMinutes, judgedMinutes, type Seen } from "../seen.ts";
import type { Sign } from "./sign.ts";

/** Worse means at least twice and at least two points of errors (`facts/rollback.md` 6.3 G4 a); for latency, half as slow again. */
const ERRORS_TWICE = 2;
const ERRORS_POINTS = 2;
const SLOWER = 1.5;
/** Up to this much of the present level before the deployment, it is no news. */
const AS_BAD = 0.7;
/** Trouble this soon after exposure fits the deployment; later it fits anything. */
const SOON = minutes(5);
/** Exposure is seen at a look, up to 10 s late and through reads up to 10 s stale; only what is clearly older counts as before. */
const SLACK = seconds(30);
/** Times the usual traffic under which any revision may fail; twice is what capacity is commonly planned for, and a spike builds up over its first minutes. */
const MUCH_TRAFFIC = 1.75;
/** Minutes that show the traffic of now: as many as the shortest trigger needs. */
const SPIKE_MINUTES = 2;
/** A revision seen this long before, and never proven, belongs to the same attempt to deploy. */
const SAME_ATTEMPT = minutes(60);

/** Before against after, and against the same hour last week. */
export function beforeAndAfter(breach: Breach, seen: Seen): readonly Sign[] {
  const quiet = seen.member.alarmsAtStart.some((alarm) => alarm.value === "OK" && breach.trigger === "alarms" && breach.says.includes(alarm.name));
  const level = levelOf(breach, seen);
  if (level.now === undefined || level.before === undefined || !level.bad(level.now)) {
    if (quiet) return [{ points: "deployment", settles: false, says: "the alarm was quiet when the deployment began" }];
    return breach.trigger === "task-crashes" && seen.memory.exposedAt !== undefined
      ? []
      : [{ points: "neither", settles: false, says: "no figures from before to compare with" }];
  }
  const figures = `${level.says} ${say(level, level.before)} before, ${say(level, level.now)} now`;
  if (level.before >= AS_BAD * level.now) return [{ points: "elsewhere", settles: true, says: `as bad before the deployment: ${figures}` }];
  if (!worse(level, level.before, level.now)) return [{ points: "neither", settles: false, says: `hardly worse than before: ${figures}` }];
  if (level.lastWeek !== undefined && level.lastWeek >= AS_BAD * level.now)
    return [{ points: "elsewhere", settles: false, says: `the same hour last week looked the same: ${say(level, level.lastWeek)}` }];
  return [{ points: "deployment", settles: false, says: `worse than before: ${figures}` }];
}

const worse = (level: Level, then: number, now: number): boolean =>
  level.says === "5xx" ? now >= ERRORS_TWICE * then && now - then >= ERRORS_POINTS : now >= SLOWER * then;
const say = (level: Level, value: number): string => (level.says === "5xx" ? `${value.toFixed(1)} %` : `${Math.round(value)} ms`);

/** When the trouble began, against when the new revision first took traffic. */
export function onset(breach: Breach, seen: Seen): readonly Sign[] {
  const { exposedAt } = seen.memory;
  if (exposedAt === undefined) return [{ points: "deployment", settles: false, says: "only the new revision's own tasks fail, it never took traffic" }];
  const began = troubleBegan(breach, seen);
  const attempt = attemptBegan(seen);
  // Trouble that a first attempt brought and the next one did not end: what both replaced is still the way out.
  if (attempt !== undefined && began >= attempt && began < exposedAt)
    return [{ points: "deployment", settles: false, says: `it began ${sayLength(since(attempt, began))} after an earlier attempt that never proved itself` }];
  if (began + minutes(1) <= exposedAt && (began + minutes(1) <= exposedAt - SLACK || inFull(began, breach, seen)))
    return [{ points: "elsewhere", settles: true, says: `it began ${sayLength(since(began, exposedAt))} before the new revision took traffic` }];
  const age = since(exposedAt, began);
  if (age < SOON)
    return [
      {
        points: "deployment",
        settles: false,
        says: age === 0 ? "it began as the new revision took traffic" : `it began ${sayLength(age)} after the new revision took traffic`,
      },
    ];
  return [{ points: "neither", settles: false, says: `it began ${sayLength(age)} after the new revision took traffic` }];
}

/** When the first revision after the one to go back to appeared, if it was another than the judged one and never good. */
function attemptBegan({ member }: Seen): EpochMs | undefined {
  const { candidate, known, judged } = member;
  if (candidate === undefined) return undefined;
  const between = known.filter(
    (row) =>
      row.identity.key !== judged.identity.key &&
      row.identity.key !== candidate.record.identity.key &&
      row.grade !== "good" &&
      row.firstSeen > candidate.record.firstSeen &&
      since(row.firstSeen, judged.startedAt) <= SAME_ATTEMPT,
  );
  return between.length === 0 ? undefined : epochMs(Math.min(...between.map((row) => row.firstSeen)));
}

/** A minute that was as bad as now cannot owe it to its last few seconds. */
function inFull(minute: EpochMs, breach: Breach, seen: Seen): boolean {
  const level = levelOf(breach, seen);
  const then = level.points.find((point) => point.at === minute);
  return then !== undefined && level.now !== undefined && then.value >= AS_BAD * level.now;
}

/** The first bad minute of the present stretch, or the moment the trigger itself names. */
export function troubleBegan(breach: Breach, seen: Seen): EpochMs {
  const level = levelOf(breach, seen);
  const began = onsetOf(level.points, level.bad);
  return began === undefined ? breach.since : began;
}

/** Far more requests than before and than last week: any revision might fail under them. */
export function spike(seen: Seen): readonly Sign[] {
  const now = judgedMinutes(seen)?.slice(-SPIKE_MINUTES) ?? [];
  const { before, lastWeek } = baselineMinutes(seen);
  const perMinute = (rows: readonly Minute[]) => (rows.length === 0 ? 0 : sum(rows.map((row) => row.requests)) / rows.length);
  const usual = Math.max(perMinute(before), perMinute(lastWeek));
  if (usual === 0 || perMinute(now) < MUCH_TRAFFIC * usual) return [];
  return [{ points: "elsewhere", settles: false, says: `traffic is ${(perMinute(now) / usual).toFixed(1)} times what it was` }];
}

/** Fewer requests say nothing for or against an alarm (`facts/rollback.md` 5). */
const FEWEST_REQUESTS = 60;

/**
 * An alarm that rings alone may watch anything, and a few unhealthy targets of many may be their machines' fault, so the service's own newest two minutes have to bear it out. Healthy
 * figures speak against the deployment, missing ones leave it open; either way a person is asked.
 */
export function borneOut(breach: Breach, seen: Seen): readonly Sign[] {
  const what =
    breach.trigger === "alarms" ? "an alarm" : breach.trigger === "health-checks" && breach.strength === "soft" ? "a few unhealthy targets" : undefined;
  if (what === undefined) return [];
  const rows = judgedMinutes(seen)?.slice(-SPIKE_MINUTES) ?? [];
  if (rows.length < SPIKE_MINUTES || allRequests(rows) < FEWEST_REQUESTS)
    return [{ points: "neither", settles: false, doubts: true, says: `${what} alone, without figures of the service to bear it out` }];
  const errors = levelOf({ ...breach, trigger: "error-rate" }, seen);
  const latency = levelOf({ ...breach, trigger: "latency" }, seen);
  if (aboveUsual(errors, shareOf(rows)) || aboveUsual(latency, latency.now)) return [];
  const times = latency.now === undefined ? "" : `, ${latency.says} ${say(latency, latency.now)}`;
  return [
    {
      points: "elsewhere",
      settles: false,
      says: `its own figures are healthy: 5xx ${sayPercent(shareOf(rows))} of ${sayCount(allRequests(rows))} requests${times}`,
    },
  ];
}

/** Beyond its baseline, or, without one, beyond the trigger's own threshold; figures that stopped are not healthy. */
function aboveUsual(level: Level, now: number | undefined): boolean {
  if (now === undefined) return level.before !== undefined;
  return level.bad(now) || (level.before !== undefined && worse(level, level.before, now));
}
