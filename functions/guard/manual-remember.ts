import { tailUntil } from "@nightshift/decide/watches";
import type { Ask, RollbackPlan, WatchRecord } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Run, Story } from "@nightshift/runtime";
import { isResolved } from "@nightshift/runtime/prepare-watch";
import type { ManualFacts, NotCarriedOut } from "./manual.ts";
import type { ManualRollback } from "./manual-input.ts";
import type { Receipt } from "./put-back.ts";
import type { Recovered } from "./recovery.ts";
import type { GuardWorld } from "./settings.ts";

/** Everything that a manual rollback can tell, at each of its stations. */
export type ManualStory = Story<ManualRollback, ManualFacts, Ask, NotCarriedOut, Receipt, Recovered>;

/** Tries to write the watch row before leaving it as it is. */
const WATCH_ATTEMPTS = 5;

/** Writes down which deployments are ours, so that going back is not watched as a deployment, what the revision was, and gives the lease back. */
export async function rememberManual(story: ManualStory, run: Run<GuardWorld>): Promise<void> {
  if (story.ending !== "acted") return;
  const { plan } = story.receipt;
  if (story.receipt.refused === undefined) {
    await grade(run, story);
    await closeWatch(run, story);
  }
  await run.release(plan.members.map((member) => member.service));
}

/** A person's word makes a revision suspect, not known-bad: nobody measured what it did. */
const grade = (run: Run<GuardWorld>, story: Extract<ManualStory, { ending: "acted" }>): Promise<void> =>
  run.step("grade the revisions that a person took back", async (world) => {
    if (guard("only a finished rollback is graded", story.outcome.kind !== "restored" && story.outcome.kind !== "ineffective")) return;
    const at = world.clock.now();
    const because = `rolled back by ${story.facts.approval?.by ?? "a person"}: ${story.facts.stored?.because ?? ""}`;
    for (const { service, from } of story.receipt.plan.members) if (isResolved(from)) await world.revisions.grade(service, from.key, "suspect", because, at);
  });

/** The watch over what was taken back is over, whoever opened it; the deployments that took it back are not watched. */
const closeWatch = (run: Run<GuardWorld>, { facts, receipt, outcome }: Extract<ManualStory, { ending: "acted" }>): Promise<void> =>
  run.step("close the watch over what was taken back", async (world) => {
    const ours = await ourDeployments(world, receipt.plan);
    for (let attempt = 0; attempt < WATCH_ATTEMPTS; attempt++) {
      const row = await world.watches.find(facts.prepared.group);
      const now = world.clock.now();
      const judged = Object.fromEntries(receipt.plan.members.map((member) => [member.service, member.expectDeployment]));
      const standing: WatchRecord = row ?? {
        group: facts.prepared.group,
        key: facts.prepared.key,
        members: judged,
        openedAt: now,
        state: "closed",
        ours: [],
        tailUntil: now,
        verdict: undefined,
      };
      // Somebody's newer deployment is watched meanwhile: its watch stays.
      const newer = Object.entries(judged).some(([service, deployment]) => standing.members[service] !== undefined && standing.members[service] !== deployment);
      const closed = guard("only our own watch is closed", newer)
        ? {}
        : { state: "closed" as const, verdict: outcome.kind === "wait" ? "unclear" : outcome.kind, tailUntil: tailUntil(now) };
      if (await world.watches.replace(row, { ...standing, ...closed, ours: [...standing.ours, ...ours] })) return;
    }
  });

async function ourDeployments(world: GuardWorld, plan: RollbackPlan): Promise<readonly string[]> {
  const states = await world.services.describe(plan.members.map(({ cluster, service }) => ({ cluster, service })));
  return plan.members.flatMap((member) => {
    const targets = [member.to.taskDefinition, member.how === "redeploy" ? member.taskDefinition : member.fallback];
    const state = states.find((one) => one.ref.service === member.service);
    return (state?.deployments ?? [])
      .filter((one) => one.id !== member.expectDeployment && (targets.includes(one.taskDefinition) || one.taskDefinition.includes("/nightshift-")))
      .map((one) => String(one.id));
  });
}
