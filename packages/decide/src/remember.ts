import type { EpochMs, GuardedService, GuardSettings, Look, MemberLook, MemberMemory, Prepared, PreparedMember, WatchMemory } from "@nightshift/model";
import { minutes, seconds } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { allRequests, finished, trafficMinutes } from "./figures.ts";
import { nativeExpected } from "./native.ts";
import { phaseOf } from "./phase.ts";
import { isWorker, ownBalancer, type Seen, seenMembers, seriesOf } from "./seen.ts";
import { thinLook } from "./thin.ts";
import { breachesOf } from "./triggers/index.ts";

/** Crashes kept in a group; shared between its members so that the memory fits one checkpoint. */
const CRASHES_KEPT = 120;
const SPLIT_LOOKS_KEPT = 30;
const REASON_KEPT = 100;
/** Smoke tests run at most this often (decision 11); 5 s less, so that a late look does not skip a round. */
const SMOKE_EVERY = seconds(55);

/** The memory before the first look. */
export const firstMemory = (prepared: Prepared): WatchMemory => ({
  looks: 0,
  startedAt: prepared.preparedAt,
  members: prepared.members.map(firstOf),
  latest: undefined,
  suspectedAt: undefined,
  evidence: undefined,
  blindLooks: 0,
});

const firstOf = (member: PreparedMember): MemberMemory => ({
  service: member.ref.service,
  judged: member.judged.deployment,
  exposedAt: undefined,
  completedAt: undefined,
  unhealthyLooks: 0,
  smokeFailures: {},
  crashed: [],
  awaitingNativeSince: undefined,
  lastSplit: [],
  lastSmokeAt: undefined,
  tally: { minutes: 0, requests: 0, through: undefined },
});

/** A look that failed as a whole: counted, and nothing concluded from it. What was last seen is too old to judge now, so it is forgotten. */
export const blindLook = (memory: WatchMemory, _because: string): WatchMemory => ({
  ...memory,
  looks: memory.looks + 1,
  blindLooks: memory.blindLooks + 1,
  latest: guard("blind look judges nothing") ? undefined : memory.latest,
});

/** Folds one look into the memory. Counts looks, never seconds; what a provider did not answer changes nothing. */
export function remember(prepared: Prepared, memory: WatchMemory, look: Look, settings: GuardSettings): WatchMemory {
  const members = prepared.members.map((member) => {
    const seen = look.members.find((one) => one.service === member.ref.service);
    const service = settings.services.find((one) => one.name === member.ref.service);
    const before = memory.members.find((one) => one.service === member.ref.service && one.judged === member.judged.deployment);
    const known = before ?? firstOf(member);
    const first = before === undefined || memory.looks <= memory.blindLooks;
    const ofAnother = seen?.judged !== undefined && seen.judged !== member.judged.deployment;
    return seen === undefined || service === undefined || ofAnother
      ? known
      : fold(known, { look: seen, service, member, at: look.at, kept: Math.ceil(CRASHES_KEPT / prepared.members.length), first });
  });
  const blind = look.members.some((member) => !member.state.ok || !member.deployment.ok || !member.targets.ok || !member.metrics.ok || !member.tasksKnown);
  const next: WatchMemory = { ...memory, looks: memory.looks + 1, members, latest: thinLook(look), blindLooks: blind ? memory.blindLooks + 1 : 0 };
  return judged(prepared, next, settings);
}

/** What follows from the triggers: when anything was first wrong, and since when ECS's own rollback is awaited. */
function judged(prepared: Prepared, memory: WatchMemory, settings: GuardSettings): WatchMemory {
  const at = memory.latest?.at;
  const seen = seenMembers(prepared, memory, settings);
  const wrong = seen.some(
    (member) => breachesOf(member).length > 0 || member.memory.unhealthyLooks > 0 || Object.values(member.memory.smokeFailures).some((inARow) => inARow > 0),
  );
  const members = memory.members.map((member) => {
    const mine = seen.find((one) => one.memory === member);
    if (mine === undefined || at === undefined || !nativeExpected(mine, breachesOf(mine))) return { ...member, awaitingNativeSince: undefined };
    return { ...member, awaitingNativeSince: member.awaitingNativeSince ?? at };
  });
  return { ...memory, members, suspectedAt: memory.suspectedAt ?? (wrong ? at : undefined) };
}

interface ToFold {
  readonly look: MemberLook;
  readonly service: GuardedService;
  readonly member: PreparedMember;
  readonly at: EpochMs;
  readonly kept: number;
  /** The first look at this very deployment. */
  readonly first: boolean;
}

function fold(known: MemberMemory, { look, service, member, at, kept, first }: ToFold): MemberMemory {
  const completed = isCompleted(look, member);
  const serves = exposed(look, service) || (completed && !look.targets.ok);
  // What serves already at the first look did not begin with it: a late watch counts from when its tasks started.
  const exposedAt = known.exposedAt ?? (serves ? (first ? (look.judgedSince ?? at) : at) : undefined);
  const next: MemberMemory = {
    ...known,
    exposedAt,
    completedAt: known.completedAt ?? (completed ? at : undefined),
    unhealthyLooks: known.exposedAt === undefined ? 0 : unhealthy(look, known.unhealthyLooks),
    smokeFailures: smokeStreaks(known.smokeFailures, look),
    lastSmokeAt: look.smoke.length > 0 ? at : known.lastSmokeAt,
    crashed: newest(crashes(known, look), kept),
    lastSplit: splitPoints(known, look, at),
  };
  return exposedAt === undefined ? next : { ...next, tally: tallied({ service, member, memory: next, look, now: at }) };
}

/** Traffic (or, for a worker, work) reaches the judged revision. */
const exposed = (look: MemberLook, service: GuardedService): boolean =>
  isWorker(service, look)
    ? look.tasksKnown && look.judgedRunning > 0
    : look.targets.ok && look.targets.value.some((target) => target.judged && target.state === "healthy");

/** ECS calls the judged deployment done. */
function isCompleted(look: MemberLook, { judged }: PreparedMember): boolean {
  if (look.deployment.ok && look.deployment.value?.arn === judged.serviceDeployment && look.deployment.value?.status === "SUCCESSFUL") return true;
  const primary = look.state.ok ? look.state.value.deployments[0] : undefined;
  return primary?.id === judged.deployment && primary.rolloutState === "COMPLETED";
}

/** One look more with an unhealthy target or a failing probe; back to none when all is well; unchanged when nothing could be read. */
function unhealthy(look: MemberLook, before: number): number {
  const failing =
    look.smoke.some((result) => !result.ok) || (look.targets.ok && look.targets.value.some((target) => target.judged && target.state === "unhealthy"));
  if (failing) return before + 1;
  return look.targets.ok ? 0 : before;
}

const smokeStreaks = (before: MemberMemory["smokeFailures"], look: MemberLook): MemberMemory["smokeFailures"] => ({
  ...before,
  ...Object.fromEntries(look.smoke.map((result) => [result.name, result.ok ? 0 : (before[result.name] ?? 0) + 1])),
});

/** Each stopped task once, cut to what the thread can show. */
function crashes(known: MemberMemory, look: MemberLook): MemberMemory["crashed"] {
  const seen = new Set(known.crashed.map((task) => task.id));
  const fresh = look.stopped.filter((task) => !guard("a crash counts once", seen.has(task.id)) && seen.add(task.id));
  const named = fresh.map(({ id, at, code, reason, exitCodes, cause }) => ({
    id,
    at,
    code,
    reason: reason.slice(0, REASON_KEPT),
    exitCodes: exitCodes.slice(0, 4),
    cause,
  }));
  return [...known.crashed, ...named].sort((a, b) => a.at - b.at);
}

/** The newest that count against the revision; the platform's own stops only fill what room is left. */
function newest(all: MemberMemory["crashed"], kept: number): MemberMemory["crashed"] {
  const counting = all.filter((task) => task.cause === "app").slice(-kept);
  const others = all.filter((task) => task.cause !== "app").slice(-Math.max(1, kept - counting.length));
  return [...counting, ...others].sort((a, b) => a.at - b.at);
}

/** The new revision's share of healthy targets, while both serve. */
function splitPoints(known: MemberMemory, look: MemberLook, at: EpochMs): MemberMemory["lastSplit"] {
  if (!look.targets.ok) return known.lastSplit;
  const healthy = look.targets.value.filter((target) => target.state === "healthy");
  const judgedOnes = healthy.filter((target) => target.judged).length;
  if (judgedOnes === 0 || judgedOnes === healthy.length) return known.lastSplit;
  return [...known.lastSplit, { at, value: judgedOnes / healthy.length }].slice(-SPLIT_LOOKS_KEPT);
}

/** Counts each finished minute once. */
function tallied(seen: Seen): MemberMemory["tally"] {
  const { tally, exposedAt } = seen.memory;
  if (exposedAt === undefined || !seen.look.metrics.ok) return tally;
  // A minute is counted two minutes late, when its datapoints have settled.
  const rows = finished(trafficMinutes(seriesOf(seen), seen.service, ownBalancer(seen)), exposedAt, seen.now).filter(
    (row) => row.at + minutes(3) <= seen.now && !guard("a minute counts once", row.at <= (tally.through ?? 0)),
  );
  const last = rows[rows.length - 1];
  return last === undefined ? tally : { minutes: tally.minutes + rows.length, requests: tally.requests + allRequests(rows), through: last.at };
}

/** Smoke tests run at the first healthy task, at completion, then once a minute while hot and as long as one is failing. */
export function smokeDue(service: GuardedService, memory: WatchMemory, at: EpochMs): boolean {
  const member = memory.members.find((one) => one.service === service.name);
  if (service.smoke.length === 0 || member?.exposedAt === undefined) return false;
  if (member.lastSmokeAt === undefined) return true;
  if (member.completedAt !== undefined && member.lastSmokeAt < member.completedAt) return true;
  const failing = Object.values(member.smokeFailures).some((inARow) => inARow > 0);
  return (failing || phaseOf(member, at, service.windows) === "hot") && at - member.lastSmokeAt >= SMOKE_EVERY;
}
