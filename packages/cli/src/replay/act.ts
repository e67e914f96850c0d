import type { Resolved } from "@nightshift/config";
import type { DeploymentStarted, RollbackPlan } from "@nightshift/model";
import { play } from "@nightshift/runtime";
import { carryOut } from "../../../../functions/dispatcher/carry-out.ts";
import { guard } from "../../../../functions/guard/automation.ts";
import { type Asked, Refusal } from "../frame/command.ts";
import type { AccountWithLedger } from "../place/account.ts";
import type { Place } from "../place/place.ts";
import { liveCheckpoints } from "./checkpoints.ts";
import type { Rehearsed } from "./rehearse.ts";

/** What is about to be done for real. */
export interface ToAct {
  readonly account: AccountWithLedger;
  readonly config: Resolved;
  readonly rehearsed: Rehearsed;
  readonly by: string;
}

/** Asks, then plays the guard for real: holds, leases, budgets, the watch row and every gate apply as in Lambda. */
export async function actForReal(place: Place, asked: Asked, { account, config, rehearsed, by }: ToAct): Promise<readonly string[]> {
  const { verdict, started } = rehearsed;
  if ((verdict.kind !== "roll-back" && verdict.kind !== "ask") || verdict.plan === undefined || started === undefined) return ["There is nothing to act on."];
  const settings = config.groups.find((one) => one.group === started.group);
  if (settings === undefined) return ["There is nothing to act on."];
  await confirm(asked, { where: `account ${accountIdOf(verdict.plan)}, ${account.region}`, started, calls: rehearsed.calls.length });
  const { world } = account;
  // Played here, so nothing has to be started; a watch that runs elsewhere under another key makes every gate say so.
  await carryOut({ ...world, starter: { start: async () => {}, wake: async () => {} } }, { kind: "watch", started });
  const checkpoints = liveCheckpoints({
    pause: place.patience.pause,
    onWait: (name, looks) => asked.io.progress(`${name}: look ${looks}`),
    onQuestion: () => approveOwn(account, verdict.plan, by),
  });
  const { ending, outcome, verdict: final } = await play(guard, { event: started, settings, world, checkpoints });
  asked.io.progress(undefined);
  return [`Ended: ${ending}${outcome === undefined ? "" : `, ${outcome.kind}`}.`, ...final.because];
}

/** Names account and calls once more; only the service's name, typed, is a yes. */
async function confirm(asked: Asked, { where, started, calls }: { readonly where: string; readonly started: DeploymentStarted; readonly calls: number }): Promise<void> {
  const said = await asked.io.ask(`This changes production: ${calls} ${calls === 1 ? "call" : "calls"}, as shown, in ${where}. Type ${started.service} to go on: `);
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
