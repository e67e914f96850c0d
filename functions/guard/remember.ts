import { promotion } from "@nightshift/decide/promotion";
import { tailUntil } from "@nightshift/decide/watches";
import type { GuardSettings, Prepared, RollbackOutcome, WatchMemory } from "@nightshift/model";
import { shortRevision, taskDefinitionArn } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Run } from "@nightshift/runtime";
import { isResolved } from "@nightshift/runtime/prepare-watch";
import type { Receipt } from "./put-back.ts";
import type { GuardWorld } from "./settings.ts";
import type { GuardStory } from "./story.ts";

type GuardRun = Run<GuardWorld>;

/** Tries to write the watch row before leaving it as it is: a newer watch owns it then. */
const WATCH_ATTEMPTS = 5;

/** Writes into the ledger what the next deployment's watch should know. */
export async function rememberGuard(story: GuardStory, run: GuardRun): Promise<void> {
  const { facts } = story;
  if (story.ending === "left" && story.verdict.reason === "passed") await promote(run, facts);
  if (story.ending === "acted" && story.outcome.kind !== "not-sent" && story.outcome.kind !== "wait") {
    await gradeRolledBack(run, { receipt: story.receipt, outcome: story.outcome.kind, because: story.verdict.because[0] ?? "rolled back" });
  }
  const back = wentBackTo(story);
  const ours = back.size === 0 ? [] : await ourDeployments(run, facts.prepared, back);
  await closeWatch(run, { prepared: facts.prepared, verdict: endOf(story), ours });
  // Last of all: while the lease stands, events of our own rollback start no new watch.
  if (story.ending === "acted" || story.ending === "acting") await run.release(facts.prepared.members.map((member) => member.ref.service));
}

/** How the watch ended, in one word: what CI is told (`deploy wait`). */
function endOf(story: GuardStory): string {
  switch (story.ending) {
    case "left":
      return story.verdict.reason;
    case "told":
      return story.verdict.kind === "ask" ? "asked" : "would-roll-back";
    case "asking":
      return "asked";
    case "not-approved":
      return "kept";
    case "acting":
      return "not-sent";
    case "acted":
      return story.outcome.kind === "wait" ? "unclear" : story.outcome.kind;
  }
}

/** Task definitions that the group went back to: by our rollback, or by ECS's own. */
function wentBackTo(story: GuardStory): ReadonlySet<string> {
  if (story.ending === "left" && story.verdict.reason === "yield")
    return new Set(story.facts.prepared.members.flatMap((member) => (member.source === undefined ? [] : [String(member.source.identity.taskDefinition)])));
  if (story.ending !== "acted") return new Set();
  const plans = story.receipt.plan.members.flatMap((member) => [member.to.taskDefinition, member.how === "redeploy" ? member.taskDefinition : member.fallback]);
  return new Set(plans.flatMap((one) => (one === undefined ? [] : [String(one)])));
}

/** Copies that we register have families of this form (packages/aws, pinned copies). */
const isOurCopy = (taskDefinition: string): boolean => shortRevision(taskDefinitionArn(taskDefinition)).startsWith("nightshift-");

/**
 * The deployments that a rollback began: a late event about one of them must not open a watch over going back. Anything else
 * that runs by now is somebody's deployment, perhaps a hotfix that came while we acted, and gets a watch of its own.
 */
const ourDeployments = (run: GuardRun, prepared: Prepared, back: ReadonlySet<string>): Promise<readonly string[]> =>
  run.step("name the deployments that are ours", async (world) => {
    const states = await world.services.describe(prepared.members.map((member) => member.ref));
    const judged = new Set(prepared.members.map((member) => String(member.judged.deployment)));
    return states.flatMap((state) =>
      state.deployments.filter((one) => !judged.has(one.id) && (back.has(one.taskDefinition) || isOurCopy(one.taskDefinition))).map((one) => String(one.id)),
    );
  });

/** Closes our watch, unless another execution owns the row by now. */
const closeWatch = (run: GuardRun, { prepared, verdict, ours }: { prepared: Prepared; verdict: string; ours: readonly string[] }): Promise<void> =>
  run.step("close the watch", async (world) => {
    for (let attempt = 0; attempt < WATCH_ATTEMPTS; attempt++) {
      const row = await world.watches.find(prepared.group);
      if (row === undefined || row.state === "closed" || guard("only our own watch is closed", row.key !== prepared.key)) return;
      const next = { ...row, state: "closed" as const, verdict, ours: [...row.ours, ...ours], tailUntil: tailUntil(world.clock.now()) };
      if (await world.watches.replace(row, next)) return;
    }
  });

/** A deployment that stood its watch is graded by what was seen; revisions that were good together are remembered as what a group goes back to. */
const promote = (run: GuardRun, { prepared, memory, settings }: { prepared: Prepared; memory: WatchMemory; settings: GuardSettings }): Promise<void> =>
  run.step("grade the revisions that stood the watch", async (world) => {
    const at = world.clock.now();
    const { grade: whole, members } = promotion(prepared, memory, settings);
    for (const { service, key, grade, because } of members) {
      const judged = prepared.members.find((member) => member.ref.service === service)?.judged;
      if (judged !== undefined && isResolved(judged.identity)) await world.revisions.grade(service, key, grade, because, at);
    }
    if (whole !== "good") return;
    await world.tuples.add({ group: prepared.group, members: Object.fromEntries(members.map(({ service, key }) => [service, key])), at });
  });

/** What rolling back taught: bad only when going back helped, suspect when it did not; a rollback never promotes what it put back. */
const gradeRolledBack = (run: GuardRun, { receipt, outcome, because }: { receipt: Receipt; outcome: RollbackOutcome; because: string }): Promise<void> =>
  run.step("grade the revisions that were rolled back", async (world) => {
    if (guard("only a finished rollback is graded", outcome === "overtaken" || outcome === "failed")) return;
    const at = world.clock.now();
    const grade = guard("only a rollback that helped marks bad", outcome !== "restored") ? "suspect" : "bad";
    // A revision whose digests never resolved has no identity to remember: its images could not even be pulled.
    for (const member of receipt.plan.members) if (isResolved(member.from)) await world.revisions.grade(member.service, member.from.key, grade, because, at);
  });
