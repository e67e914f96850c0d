import type { GuardSettings, IdentityKey, Prepared, ServiceName, WatchMemory } from "@nightshift/model";
import { minutes } from "@nightshift/model";
import { sayCount } from "./figures.ts";
import { phaseOf } from "./phase.ts";
import { isWorker, type Seen, seenMembers } from "./seen.ts";
import { breachesOf } from "./triggers/index.ts";

/** What a watch that ended quietly makes of each revision it judged. */
export interface Promotion {
  readonly service: ServiceName;
  readonly key: IdentityKey;
  readonly grade: "good" | "served" | "candidate";
  readonly because: string;
}

/** Of the minutes expected since exposure, this share must have datapoints (`facts/rollback.md` 4). */
const PRESENT = 0.9;
const FEWEST_REQUESTS = 60;

/** The group's grade is its worst member's: only a set whose members are all good is remembered as good together. */
export interface GroupPromotion {
  readonly grade: Promotion["grade"];
  readonly because: string;
  readonly members: readonly Promotion[];
}

const WORST_FIRST = ["candidate", "served", "good"] as const;

/** GOOD is earned: completed, watched to the end, nothing breached, figures present, enough traffic, smoke tests passed. */
export function promotion(prepared: Prepared, memory: WatchMemory, settings: GuardSettings): GroupPromotion {
  const members = seenMembers(prepared, memory, settings).map((seen) => ({
    service: seen.service.name,
    key: seen.member.judged.identity.key,
    ...gradeOf(seen),
  }));
  const grade = WORST_FIRST.find((one) => members.some((member) => member.grade === one)) ?? "candidate";
  return { grade, because: members.map((member) => `${member.service} is ${member.grade}: ${member.because}`).join("; "), members };
}

function gradeOf(seen: Seen): Pick<Promotion, "grade" | "because"> {
  const { memory, service, look, now } = seen;
  if (memory.exposedAt === undefined) return { grade: "candidate", because: "it never took traffic" };
  if (memory.completedAt === undefined) return { grade: "candidate", because: "its deployment did not complete" };
  const short = missing(seen);
  // What was good before and showed nothing wrong now stays good: a quiet night takes no grade away.
  const before = seen.member.known.find((row) => row.identity.key === seen.member.judged.identity.key);
  if (short !== undefined && before?.grade === "good" && breachesOf(seen).length === 0)
    return { grade: "good", because: `good before, and nothing spoke against it (${short})` };
  if (short !== undefined) return { grade: "served", because: short };
  const watched = Math.round((now - memory.exposedAt) / minutes(1));
  if (isWorker(service, look)) return { grade: "good", because: `ran ${watched} min under watch without a crash` };
  return { grade: "good", because: `${sayCount(memory.tally.requests)} requests in ${watched} min under watch, no trigger` };
}

/** What keeps a completed revision from GOOD; undefined: nothing. */
function missing(seen: Seen): string | undefined {
  const { memory, service, look, now } = seen;
  if (memory.exposedAt === undefined || phaseOf(memory, now, service.windows) !== "over") return "the watch did not last to its end";
  if (Object.values(memory.smokeFailures).some((inARow) => inARow > 0)) return "its last smoke test failed";
  if (service.smoke.length > 0 && memory.lastSmokeAt === undefined) return "its smoke tests never ran";
  if (memory.crashed.some((task) => task.cause === "app")) return "a task of it crashed";
  const ringing = look.alarms.find((alarm) => alarm.value === "ALARM");
  if (ringing !== undefined) return `alarm ${ringing.name} is ringing`;
  if (breachesOf(seen).length > 0) return "a trigger has fired";
  if (isWorker(service, look)) return undefined;
  // The last three minutes are counted late, so they cannot be expected yet.
  const expected = Math.floor((now - memory.exposedAt) / minutes(1)) - 4;
  if (memory.tally.minutes < PRESENT * expected) return `only ${memory.tally.minutes} of ${expected} expected minutes have figures`;
  const wanted = Math.max(FEWEST_REQUESTS, ...service.triggers.map((trigger) => ("minRequests" in trigger ? trigger.minRequests : 0)));
  return memory.tally.requests < wanted ? `only ${memory.tally.requests} requests, ${wanted} are asked for` : undefined;
}
