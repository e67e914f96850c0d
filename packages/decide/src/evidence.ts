import type { Breach, GuardSettings, Look, Prepared, WatchMemory, WatchPhase } from "@nightshift/model";
import { days, sayLength, shortRevision, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { type Blamed, blameFor } from "./blame.ts";
import { inProgress, nativeRollback, sayNative } from "./native.ts";
import { phaseOf } from "./phase.ts";
import { isJudged, type Moving, movingMembers } from "./plan.ts";
import { type Seen, seenMembers } from "./seen.ts";
import { breachesOf } from "./triggers/index.ts";

/** Everything the gates look at, worked out once. */
export interface Case {
  readonly prepared: Prepared;
  readonly memory: WatchMemory;
  readonly settings: GuardSettings;
  readonly look: Look;
  readonly seen: readonly Seen[];
  /** Members whose own deployment is judged. */
  readonly judged: readonly Seen[];
  readonly evidence: readonly Evidence[];
  /** Members that would move; those that ECS puts back by itself are not among them. */
  readonly moving: readonly Moving[];
}

/** A breach with the member it is about. `standing`: no trigger, but a fact that speaks for itself (ECS's own rollback, known-bad bytes). */
export interface Evidence {
  readonly breach: Breach;
  readonly seen: Seen;
  readonly phase: WatchPhase;
  readonly standing: boolean;
}

/** A known-bad mark is forgotten after this long (`facts/rollback.md` 6.4). */
const KNOWN_BAD_FOR = days(30);

/** Works the case out; undefined before anything was seen. */
export function caseOf(prepared: Prepared, memory: WatchMemory, settings: GuardSettings): Case | undefined {
  const look = memory.latest;
  if (look === undefined) return undefined;
  const seen = seenMembers(prepared, memory, settings);
  const judged = seen.filter((one) => isJudged(one.member, memory));
  const fired = seen.flatMap((one) => breachesOf(one).map((breach) => evidenceOf(softened(breach, judged.includes(one)), one)));
  const standing = judged.flatMap((one) => [...byEcs(one, judged), ...byMemory(one)].map((breach) => ({ ...evidenceOf(breach, one), standing: true })));
  const evidence = [...standing, ...fired].sort((a, b) => weight(b) - weight(a));
  const moving = movingMembers(seen, memory).filter(({ seen: one }) => !putBackByEcs(one));
  return { prepared, memory, settings, look, seen, judged, evidence, moving };
}

const evidenceOf = (breach: Breach, seen: Seen): Evidence => ({ breach, seen, phase: phaseOf(seen.memory, seen.now, seen.service.windows), standing: false });
/** An alarm leads only when nothing else speaks: it knows less than a figure of our own. */
const weight = ({ breach, standing }: Evidence): number =>
  1_000 * Number(standing) + 500 * Number(breach.strength === "hard") + (breach.errorShare ?? 0) - Number(breach.trigger === "alarms");

/** What fails without having been deployed may still be the deployment's doing, but never proves it. */
const softened = (breach: Breach, isJudgedMember: boolean): Breach =>
  guard("what was not deployed proves nothing", !isJudgedMember) ? { ...breach, strength: "soft" } : breach;

/** Whether ECS, by itself or asked by somebody, takes this member back already. */
export const putBackByEcs = ({ look, member }: Seen): boolean => {
  const native = nativeRollback(look, member.judged);
  return native === "running" || native === "done" || native === "stopped";
};

/** ECS's verdict on one member stands for its group: the others have to follow, and a rollback that failed has to be finished. */
function byEcs(seen: Seen, judged: readonly Seen[]): readonly Breach[] {
  const native = nativeRollback(seen.look, seen.member.judged);
  const reason = seen.look.deployment.ok ? seen.look.deployment.value?.rollback?.reason : undefined;
  const why = reason === undefined || reason === "" ? "" : `: ${reason.replace(/\.+$/, "")}`;
  if (native === "failed") return [standing(seen, `ECS tried to roll ${seen.service.name} back and failed${why}`, 100)];
  const others = judged.some((one) => one !== seen && nativeRollback(one.look, one.member.judged) === undefined);
  return (native === "running" || native === "done") && others
    ? [standing(seen, `${sayNative(seen.service.name, seen.look, native)}; its group has to follow`, undefined)]
    : [];
}

/** The same bytes were rolled back before, and the team wants them blocked. */
function byMemory(seen: Seen): readonly Breach[] {
  const { knownBad } = seen.member;
  if (seen.service.knownBad !== "block" || knownBad === undefined || !remembered(knownBad.gradedAt, seen) || !inProgress(seen.look)) return [];
  if (!guard("known-bad is blocked")) return [];
  return [standing(seen, `${sayKnownBad(seen)}; the policy is to block it`, undefined)];
}

const remembered = (gradedAt: Breach["since"], seen: Pick<Seen, "now">): boolean => since(gradedAt, seen.now) <= KNOWN_BAD_FOR;

/** `api:43 is known-bad: the same bytes were rolled back 3 days ago (5xx 12.4 %)`; undefined when it is not, or long ago. */
export function knownBadWarning(seen: Seen): string | undefined {
  const { knownBad } = seen.member;
  return knownBad !== undefined && remembered(knownBad.gradedAt, seen) ? sayKnownBad(seen) : undefined;
}

const sayKnownBad = ({ member, now }: Seen): string =>
  `${shortRevision(member.judged.identity.taskDefinition)} is known-bad: the same bytes were rolled back ${sayLength(since(member.knownBad?.gradedAt ?? now, now))} ago (${member.knownBad?.because ?? ""})`;

const standing = (seen: Seen, says: string, errorShare: number | undefined): Breach => ({
  service: seen.service.name,
  trigger: "task-crashes",
  strength: "hard",
  says,
  since: seen.now,
  errorShare,
});

/** Who is to blame for the case's leading breach. */
export function blameOf({ evidence, look }: Case): Blamed | undefined {
  const lead = evidence[0];
  return lead === undefined || lead.standing ? undefined : blameFor(lead.breach, lead.seen, look);
}
