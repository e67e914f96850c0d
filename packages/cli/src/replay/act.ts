import type { Resolved } from "@nightshift/config";
import type { DeploymentStarted, Prepared, RollbackPlan } from "@nightshift/model";
import { play } from "@nightshift/runtime";
import { carryOut } from "../../../../functions/dispatcher/carry-out.ts";
import { guard, type GuardFacts } from "../../../../functions/guard/automation.ts";
import { pinAhead } from "../../../../functions/guard/put-back.ts";
import { type Asked, Refusal } from "../frame/command.ts";
import type { AccountWithLedger } from "../place/account.ts";
import type { Place } from "../place/place.ts";
import { liveCheckpoints } from "./checkpoints.ts";
import { isCopy } from "./rehearsal.ts";
import type { Rehearsed } from "./rehearse.ts";

/** What is about to be done for real. */
export interface ToAct {
  readonly account: AccountWithLedger;
  readonly config: Resolved;
  readonly rehearsed: Rehearsed;
  readonly by: string;
}

/**
 * Asks, then plays the guard for real on what was just seen: it decides again, takes the lease, spends the budget, looks
 * right before each call, obeys holds between every two, verifies and tells, as in Lambda.
 */
export async function actForReal(place: Place, asked: Asked, { account, config, rehearsed, by }: ToAct): Promise<readonly string[]> {
  const { verdict, started, facts } = rehearsed;
  if ((verdict.kind !== "roll-back" && verdict.kind !== "ask") || verdict.plan === undefined || started === undefined || facts === undefined)
    return ["There is nothing to act on."];
  const settings = config.groups.find((one) => one.group === started.group);
  if (settings === undefined) return ["There is nothing to act on."];
  await confirm(asked, { where: `account ${accountIdOf(verdict.plan)}, ${account.region}`, started, calls: rehearsed.calls.length });
  const { world, lacks } = withRooms(place, account);
  // Played here, so nothing has to be started; a watch that runs elsewhere under another key makes every gate say so.
  await carryOut({ ...world, starter: { start: async () => {}, wake: async () => {} } }, { kind: "watch", started });
  const checkpoints = liveCheckpoints({
    pause: place.patience.pause,
    onWait: (name, looks) => asked.io.progress(`${name}: look ${looks}`),
    onQuestion: () => approveOwn(account, verdict.plan, by),
  });
  const { ending, outcome, verdict: final } = await play(resumed(facts), { event: started, settings, world, checkpoints });
  asked.io.progress(undefined);
  return [`Ended: ${ending}${outcome === undefined ? "" : `, ${outcome.kind}`}.`, ...final.because, ...lacks];
}

/** The account's world; where the war room's address is not known, the incident is told without one, because a rollback does not wait for that. */
function withRooms(place: Place, { world }: AccountWithLedger): { readonly world: AccountWithLedger["world"]; readonly lacks: readonly string[] } {
  if (place.environment["WAR_ROOM_FUNCTION_ARN"] !== undefined) return { world, lacks: [] };
  const start: typeof world.starter.start = async (automation, name, input) => {
    if (automation !== "war-room") await world.starter.start(automation, name, input);
  };
  return {
    world: { ...world, starter: { ...world.starter, start } },
    lacks: ["The incident has no war room, so nobody is called about it: WAR_ROOM_FUNCTION_ARN is not set here."],
  };
}

/** The guard, from where the rehearsal stood; a copy that was only pretended is registered now, through the same door. */
const resumed = (facts: GuardFacts): typeof guard => ({
  ...guard,
  detect: async (_started, settings, run) => {
    await run.step("enter the revisions that were seen", async (world) => {
      for (const member of facts.prepared.members) for (const record of member.known) await world.revisions.see(record);
    });
    return { ...facts, prepared: await pinAhead(run, withoutCopies(facts.prepared), settings) };
  },
});

const withoutCopies = (prepared: Prepared): Prepared => ({
  ...prepared,
  members: prepared.members.map((member) =>
    member.candidate?.deployable !== undefined && isCopy(member.candidate.deployable)
      ? { ...member, candidate: { ...member.candidate, deployable: undefined } }
      : member,
  ),
});

/** Names account and calls once more; only the service's name, typed, is a yes. */
async function confirm(
  asked: Asked,
  { where, started, calls }: { readonly where: string; readonly started: DeploymentStarted; readonly calls: number },
): Promise<void> {
  const said = await asked.io.ask(
    `This changes production: ${calls} ${calls === 1 ? "call" : "calls"}, as shown, in ${where}. Type ${started.service} to go on: `,
  );
  if (said === undefined) throw new Refusal("--act asks before it changes anything, and nobody can be asked here: run it on a terminal. Nothing was changed.");
  if (said.trim() !== started.service) throw new Refusal("Not confirmed; nothing was changed.", 1);
}

/** The account that the plan's task definitions belong to: the fifth part of any ARN. */
const accountIdOf = (plan: RollbackPlan): string => plan.members[0]?.to.taskDefinition.split(":")[4] ?? "unknown";

/** The person at the terminal has said yes to this very plan; another plan waits for its own word. */
async function approveOwn({ world }: AccountWithLedger, plan: RollbackPlan | undefined, by: string): Promise<void> {
  const row = plan === undefined ? undefined : await world.approvals.find(plan.id);
  if (row === undefined || row.state !== "pending") return;
  await world.approvals.answer(row.plan, row.planHash, "approved", by, world.clock.now());
}
