import type { Breach } from "@nightshift/model";
import { minutes, shortRevision } from "@nightshift/model";
import { levelOf } from "../levels.ts";
import type { Seen } from "../seen.ts";
import type { Sign } from "./sign.ts";

/** Points of errors in which old and new must differ before the difference means anything (`facts/rollback.md` 6.3: 2 pp). */
const LEAST_DIFFERENCE = 2;

/**
 * Old and new revision side by side: the best sign there is. Their targets are told apart by health; their errors cannot be
 * (one target group, one metric), but while only a part of the traffic meets the new revision, errors of its own making
 * come to that part, and errors from elsewhere come in full.
 */
export function split(breach: Breach, seen: Seen): readonly Sign[] {
  return [...byHealth(breach, seen), ...byShare(breach, seen)];
}

function byHealth(breach: Breach, { look, member }: Seen): readonly Sign[] {
  if (!look.targets.ok) return [];
  const serving = look.targets.value.filter((target) => target.state === "healthy" || target.state === "unhealthy");
  const old = serving.filter((target) => !target.judged);
  const oldFailing = old.filter((target) => target.state === "unhealthy").length;
  const newFailing = serving.some((target) => target.judged && target.state === "unhealthy");
  const name = shortRevision(member.judged.identity.taskDefinition);
  if (old.length > 0 && oldFailing === old.length && (newFailing || breach.trigger !== "health-checks")) {
    return [{ points: "elsewhere", settles: true, says: `the old revision's targets are unhealthy too (${oldFailing} of ${old.length})` }];
  }
  if (newFailing && old.length > 0 && oldFailing === 0)
    return [{ points: "deployment", settles: true, says: `only ${name}'s targets are unhealthy, the old revision's ${old.length} are well` }];
  return [];
}

function byShare(breach: Breach, seen: Seen): readonly Sign[] {
  const level = levelOf(breach, seen);
  const { exposedAt, lastSplit } = seen.memory;
  const lastLook = lastSplit[lastSplit.length - 1];
  if (level.says !== "5xx" || exposedAt === undefined || lastLook === undefined) return [];
  // The split can only be compared with minutes that met the new revision alone.
  const alone = level.points.filter((point) => point.at > lastLook.at).slice(-3);
  if (alone.length === 0) return [];
  const now = alone.reduce((total, point) => total + point.value, 0) / alone.length;
  const base = level.before ?? 0;
  const full = now - base;
  if (full < LEAST_DIFFERENCE || now < 2 * base) return [];
  for (const point of level.points.filter((one) => one.at >= exposedAt)) {
    const looks = lastSplit.filter((one) => one.at >= point.at && one.at < point.at + minutes(1));
    const part = looks.reduce((total, one) => total + one.value, 0) / looks.length;
    // A minute that was only partly split, or nearly one-sided, tells nothing.
    if (looks.length < 4 || part < 0.2 || part > 0.6) continue;
    const ratio = (point.value - base) / full;
    const says = `${now.toFixed(1)} % now, ${point.value.toFixed(1)} % while ${Math.round(part * 100)} % of the targets were new`;
    if (ratio >= 0.85) return [{ points: "elsewhere", settles: true, says: `errors did not follow the new revision's share: ${says}` }];
    if (ratio >= 0.4 * part && ratio <= 1.4 * part) return [{ points: "deployment", settles: true, says: `errors followed the new revision's share: ${says}` }];
  }
  return [];
}
