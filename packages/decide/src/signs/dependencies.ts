import type { Breach, Datapoint, DependencySignal, EpochMs } from "@nightshift/model";
import { epochMs, minutes, sayLength, since } from "@nightshift/model";
import { finished, pointsOf } from "../figures.ts";
import { onsetOf } from "../levels.ts";
import { type Seen, seriesOf } from "../seen.ts";
import { troubleBegan } from "./change.ts";
import type { Sign } from "./sign.ts";

/** A signal beyond its mark for half of the hour before is always so, and says nothing now. */
const ALWAYS = 0.5;
/** This soon after exposure, a dependency that moves together with the errors may as well have been pushed by the new revision. */
const MAY_BE_PUSHED = minutes(2);
const LOOK_BACK = minutes(20);

/** Databases, caches and queues: one that moved first is the cause, one that moved later is hurt as well. */
export function dependencies(breach: Breach, seen: Seen): readonly Sign[] {
  if (seen.service.dependencies.length === 0) return [{ points: "neither", settles: false, says: "no dependency signals are configured" }];
  const signs = seen.service.dependencies.map((signal, index) => signOf({ signal, index, began: troubleBegan(breach, seen), seen }));
  const moved = signs.flatMap((sign) => (typeof sign === "string" ? [] : [sign]));
  const calm = signs.filter((sign) => typeof sign === "string");
  if (calm.length === 0) return moved;
  // Calm says something only when nothing else moved: then the usual suspects are out.
  const suspects = moved.some((sign) => sign.inTrouble === true) || calm.length < signs.length;
  return [...moved, { points: suspects ? "neither" : "deployment", settles: false, says: `not ${calm.join(", not ")}` }];
}

interface ToJudge {
  readonly signal: DependencySignal;
  readonly index: number;
  readonly began: EpochMs;
  readonly seen: Seen;
}

/** The sign of one dependency, or its name when it is calm. */
function signOf({ signal, index, began, seen }: ToJudge): Sign | string {
  const name = `dep_${index}`;
  const bad = (value: number) => ("above" in signal.bad ? value > signal.bad.above : value < signal.bad.below);
  const before = pointsOf(seen.member.baseline.before, seen.service, name);
  if (before.length > 0 && before.filter((point) => bad(point.value)).length >= ALWAYS * before.length)
    return { points: "neither", settles: false, says: `${signal.name} is beyond its mark all the time` };
  const now = finished(pointsOf(seriesOf(seen), seen.service, name), epochMs(began - LOOK_BACK), seen.now);
  if (now.length === 0) return { points: "neither", settles: false, says: `${signal.name} has no figures` };
  const moved = onsetOf(calmTailDropped(now, bad), bad);
  if (moved === undefined) return signal.name;
  const { exposedAt } = seen.memory;
  if (moved > began)
    return {
      points: "neither",
      settles: false,
      inTrouble: true,
      says: `${signal.name} got into trouble ${sayLength(since(began, moved))} after it began: hurt as well, or pushed`,
    };
  const soon = exposedAt !== undefined && moved + minutes(1) > exposedAt && since(exposedAt, moved) < MAY_BE_PUSHED;
  if (moved === began && soon) return { points: "elsewhere", settles: false, inTrouble: true, says: `${signal.name} got into trouble in the same minute` };
  const lead = since(moved, began);
  return {
    points: "elsewhere",
    settles: true,
    inTrouble: true,
    says: lead === 0 ? `${signal.name} got into trouble in the same minute` : `${signal.name} got into trouble ${sayLength(lead)} before`,
  };
}

/** A dependency that recovered a moment ago still explains what is judged now. */
function calmTailDropped(points: readonly Datapoint[], bad: (value: number) => boolean): readonly Datapoint[] {
  const last = points.findLastIndex((point) => bad(point.value));
  return last >= points.length - 3 ? points.slice(0, last + 1) : points;
}
