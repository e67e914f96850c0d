import type { BackupId, EpochMs, RetentionCandidate, RetentionFacts, RetentionPlan, RetentionPolicy } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { classesOf, type Pointer, whyClassless } from "./documents.ts";
import { sortOut, whyStopped } from "./doubts.ts";
import { problemOf } from "./policy-problem.ts";
import { keepByRestic, type Reasons } from "./restic.ts";
import { whyReserve, whyUnprovenGoes, whyUnprovenStays } from "./unproven.ts";
import { sayMinute } from "./words.ts";

/**
 * What of one database's backups stays, what may go and what may not although the policy lets it go. Every backup is in exactly one of the three
 * lists (those that are pruned already in none). Only verified ones count: they alone stand for a period, and ages are counted from the newest of
 * them. Whatever is not understood removes nothing. Carrying the plan out and planning again removes nothing more.
 */
export function planRetention(policy: RetentionPolicy, given: readonly RetentionCandidate[], facts: RetentionFacts): RetentionPlan {
  const sorted = sortOut(given, facts);
  const seen = lookAt(sorted.candidates, sorted.doubts, policy);
  const { reasons, pointers } = keep(policy, seen, facts.now);
  const goes = seen.candidates.filter(({ id }) => !reasons.has(id) && !sorted.doubts.has(id)).reverse();
  const problem = problemOf(policy);
  const stopped =
    (guard("an empty policy removes nothing", problem !== undefined) ? problem : undefined) ??
    whyStopped(sorted, facts) ??
    whyNotAll(seen, new Set(goes.map(({ id }) => id)));
  const removed: { id: BackupId; because: string }[] = [];
  const refused = seen.candidates.flatMap(({ id }) => {
    const because = sorted.doubts.get(id);
    return because === undefined ? [] : [{ id, because }];
  });
  for (const one of goes) {
    const because = stopped ?? whyHeld(one, facts.now) ?? whyLeft(removed.length, facts.atMost);
    if (because === undefined) removed.push({ id: one.id, because: whyGone(one, policy, seen) });
    else refused.push({ id: one.id, because });
  }
  return {
    kept: seen.candidates.flatMap(({ id }) => {
      const why = reasons.get(id);
      return why === undefined ? [] : [{ id, reasons: why }];
    }),
    removed,
    refused,
    ...(stopped === undefined ? {} : { stopped }),
    pointers: pointers.map(({ folder, id, at }) => ({ folder, id, at })),
  };
}

/** What there is, by what it may stand for. All lists are newest first. */
interface Seen {
  readonly candidates: readonly RetentionCandidate[];
  /** Those that nothing is doubted of. */
  readonly sound: readonly RetentionCandidate[];
  readonly counting: readonly RetentionCandidate[];
  readonly safety: readonly RetentionCandidate[];
  readonly unproven: readonly RetentionCandidate[];
  /** The newest verified moment; undefined: nothing is verified. */
  readonly anchor: EpochMs | undefined;
}

function lookAt(candidates: readonly RetentionCandidate[], doubts: ReadonlyMap<BackupId, string>, { kind }: RetentionPolicy): Seen {
  const counting: RetentionCandidate[] = [];
  const safety: RetentionCandidate[] = [];
  const unproven: RetentionCandidate[] = [];
  const sound = candidates.filter(({ id }) => !doubts.has(id));
  for (const one of sound) {
    if (guard("only verified backups count", one.state !== "verified")) unproven.push(one);
    else if (kind === "documents" && one.series === "safety") safety.push(one);
    else counting.push(one);
  }
  return { candidates, sound, counting, safety, unproven, anchor: counting[0]?.at };
}

function keep(policy: RetentionPolicy, seen: Seen, now: EpochMs): { readonly reasons: Reasons; readonly pointers: readonly Pointer[] } {
  const [proven] = seen.counting;
  const newest = seen.sound.find(({ series }) => series !== "safety");
  const anchor = guard("age is counted from the newest verified") ? seen.anchor : now;
  const pointers = policy.kind === "documents" && anchor !== undefined ? classesOf({ ...seen, anchor }, policy) : [];
  const reasons: Reasons = policy.kind === "restic" ? keepByRestic(seen.counting, policy, now) : new Map();
  const add = (id: BackupId, reason: string): void => {
    const before = reasons.get(id);
    if (before === undefined) reasons.set(id, [reason]);
    else before.push(reason);
  };
  for (const { id, reason } of pointers) add(id, reason);
  for (const { id } of guard("newest verified backups stay") ? seen.counting.slice(0, policy.atLeast) : [])
    add(id, policy.atLeast === 1 ? "newest verified" : `one of the newest ${policy.atLeast} verified`);
  for (const one of seen.unproven) {
    const why = whyUnprovenStays(one, { proven, newest, now }) ?? whyReserve(one, seen.counting.length, policy.atLeast);
    if (why !== undefined) add(one.id, why);
  }
  for (const [region, { id }] of newestCopies(seen.sound))
    if (guard("newest copy elsewhere stays")) add(id, `newest copy in ${region}: without it the next one there is a full copy`);
  return { reasons, pointers };
}

/** The newest backup that was copied to each region. */
function newestCopies(sound: readonly RetentionCandidate[]): ReadonlyMap<string, RetentionCandidate> {
  const newest = new Map<string, RetentionCandidate>();
  for (const one of sound)
    if (one.copies !== undefined && one.state !== "failed" && one.state !== "running")
      for (const region of one.copies) if (!newest.has(region)) newest.set(region, one);
  return newest;
}

/** The last line: what the rules above let go is looked over once more. */
function whyNotAll({ counting, sound }: Seen, goes: ReadonlySet<BackupId>): string | undefined {
  if (guard("nothing goes before something is verified", counting.length === 0 && sound.length > 0))
    return "nothing is verified yet, so nothing is superseded: find out why no proof succeeds";
  if (guard("never the last verified backup", counting.length > 0 && counting.every(({ id }) => goes.has(id))))
    return "the policy would delete every verified backup: let it keep more";
  return undefined;
}

function whyHeld({ lockedUntil, pinnedUntil }: RetentionCandidate, now: EpochMs): string | undefined {
  if (guard("locked backup stays", lockedUntil !== undefined && !(lockedUntil <= now)) && lockedUntil !== undefined)
    return `locked until ${sayMinute(lockedUntil)}`;
  if (guard("pinned backup stays", pinnedUntil !== undefined && !(pinnedUntil <= now)) && pinnedUntil !== undefined)
    return `pinned until ${sayMinute(pinnedUntil)}`;
  return undefined;
}

const whyLeft = (removed: number, atMost: number | undefined): string | undefined =>
  guard("removals are bounded", atMost !== undefined && removed >= atMost) ? `left for the next run, which may delete ${atMost} again` : undefined;

function whyGone(one: RetentionCandidate, policy: RetentionPolicy, { counting, anchor }: Seen): string {
  if (one.state !== "verified") return whyUnprovenGoes(one, counting[0]);
  return policy.kind === "restic" || anchor === undefined ? "no option keeps it" : whyClassless(one, policy, anchor);
}
