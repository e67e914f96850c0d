import type { EpochMs, GuardSettings, MemberMemory, Ms, WatchMemory, WatchPhase, WatchWindows } from "@nightshift/model";
import { minutes, seconds } from "@nightshift/model";

const FAST = seconds(10);
const SLOW = seconds(60);
const BLIND_IN_A_HURRY = 6;
/** Waiting for the first healthy target is watched closely this long; a deployment that takes longer is not in a hurry. */
const CLOSE_BEFORE_EXPOSURE = minutes(20);
/** The longest we wait for exposure: ECS spaces out starts that fail by up to 27 min (service throttle logic, `facts/rollback.md` 2.2). */
const LONGEST_BEFORE_EXPOSURE = minutes(60);

/** Where a member stands in its watch; a bound belongs to the later phase. */
export function phaseOf(member: Pick<MemberMemory, "exposedAt">, now: EpochMs, windows: WatchWindows): WatchPhase {
  if (member.exposedAt === undefined) return "before-exposure";
  const age = now - member.exposedAt;
  if (age < windows.hot) return "hot";
  if (age < windows.bake) return "bake";
  if (age < windows.long) return "long";
  return "over";
}

/** The time until the next look: 10 s until every member is past its hot window, then 60 s (decision 8). */
export function cadence(memory: WatchMemory, settings: GuardSettings): Ms {
  // Nothing could be read for a minute: asking less often is kinder to a throttled account, and spares looks.
  if (memory.latest === undefined && memory.blindLooks > BLIND_IN_A_HURRY) return SLOW;
  const now = memory.latest?.at ?? memory.startedAt;
  const close = memory.members.some((member) => {
    const windows = windowsOf(member, settings);
    if (windows === undefined) return false;
    const phase = phaseOf(member, now, windows);
    return phase === "hot" || (phase === "before-exposure" && now - memory.startedAt < CLOSE_BEFORE_EXPOSURE);
  });
  return close ? FAST : SLOW;
}

/** How many looks a watch takes at most, whatever happens; loops end by count, never by the clock. */
export function maxLooks(settings: GuardSettings): number {
  const hot = Math.max(...settings.services.map((service) => service.windows.hot));
  const long = Math.max(...settings.services.map((service) => service.windows.long));
  const waiting = CLOSE_BEFORE_EXPOSURE / FAST + (LONGEST_BEFORE_EXPOSURE - CLOSE_BEFORE_EXPOSURE) / SLOW;
  // Members may be exposed one after the other: each can bring a hot window of its own.
  return Math.ceil(waiting + settings.services.length * (hot / FAST) + (long - hot) / SLOW) + 1;
}

/** The watch windows of a member; undefined when the service left the config. */
export const windowsOf = (member: Pick<MemberMemory, "service">, settings: GuardSettings): WatchWindows | undefined =>
  settings.services.find((service) => service.name === member.service)?.windows;
