import { type Answerable, mayAnswer, type Word } from "@nightshift/decide/approvals";
import type { Approval, ScaleOrder, StoredPlan } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { PortError, type World } from "@nightshift/ports";
import { startOnce as startWork } from "./backup-due.ts";
import { executionName } from "./start-watch.ts";

/** What answering a plan needs of the world. */
export type AnswerWorld = Pick<World, "clock" | "approvals" | "plans" | "starter" | "scalingBook" | "ticks">;

/** What became of a word. `woken` false: whoever waits could not be told and finds the word by itself later. */
export type Answered =
  | { readonly kind: "answered"; readonly plan: Approval; readonly woken: boolean }
  | { readonly kind: "one-of-two"; readonly plan: Approval }
  | { readonly kind: "again"; readonly plan: Approval; readonly because: string }
  | { readonly kind: "refused"; readonly because: string };

/**
 * Writes a person's word on a plan and starts, or wakes, what it allows. The row is the truth and takes one word; starting
 * under the plan's name makes a second start the first one, so that a repetition finishes what a crash left half done.
 */
export async function answerPlan(world: AnswerWorld, plan: Approval, word: Word): Promise<Answered> {
  const may: Answerable = mayAnswer(plan, word);
  if (may.kind === "refused") return may;
  if (may.kind === "again") {
    // A plan that was approved and whose start was lost is started now; one that runs already stays one.
    if (plan.state === "approved" && plan.by === word.by) await carryOn(world, plan);
    return { kind: "again", plan, because: may.because };
  }
  const result = await world.approvals.answer(plan.plan, plan.planHash, word.says, word.by, word.at);
  switch (result) {
    case "answered":
      return { kind: "answered", plan, woken: await carryOn(world, { ...plan, state: word.says }) };
    case "one-of-two":
      return { kind: "one-of-two", plan };
    case "answered-before":
      return afterAll(await world.approvals.find(plan.plan), plan, word);
    case "expired":
      return { kind: "refused", because: `${plan.plan} expired meanwhile, so nothing was changed. Ask for a new one.` };
    case "plan-changed":
      return { kind: "refused", because: `${plan.plan} was planned anew meanwhile, so nothing was changed. Look at the new plan.` };
    case "unknown":
      return { kind: "refused", because: `${plan.plan} is gone from the ledger; nothing was changed.` };
  }
}

/** Somebody was first by a moment. */
function afterAll(standing: Approval | undefined, plan: Approval, word: Word): Answered {
  const may = mayAnswer(standing ?? plan, word);
  switch (may.kind) {
    case "counts":
      return { kind: "refused", because: `${plan.plan} was answered by somebody else at this moment; nothing was changed.` };
    case "again":
      return { kind: "again", plan, because: may.because };
    case "refused":
      return may;
  }
}

/** Starts a person's plan, or wakes the run that asked. The row is the truth; waking only saves the wait, so that its failure is told, not thrown. */
async function carryOn(world: AnswerWorld, plan: Approval): Promise<boolean> {
  const stored = await world.plans.find(plan.plan);
  if (stored?.verb === "scale") return plan.state !== "approved" || orderWorkers(world, stored, plan);
  // The scaler waits for nothing: it reads the word at its next look, which is asked for now.
  if (plan.requester === "nightshift/scaler") return plan.state !== "approved" || lookNow(world, plan.service);
  if (stored?.verb === "restore") {
    if (plan.state === "approved") await startWork(world, "restore", { key: `restore/${plan.plan}`, input: { plan: plan.plan } });
    return true;
  }
  if (stored !== undefined) {
    if (plan.state === "approved") await startOnce(world, plan.plan, stored.input["group"]);
    return true;
  }
  if (plan.callbackId === undefined) return true;
  try {
    await world.starter.wake(plan.callbackId);
    return true;
  } catch (error) {
    if (error instanceof PortError) return false;
    throw error;
  }
}

/** Puts the order of workers that was approved, if what is stored is that very order; putting it twice changes nothing. */
async function orderWorkers(world: AnswerWorld, { input, hash }: StoredPlan, plan: Approval): Promise<boolean> {
  const text = input["order"];
  if (typeof text !== "string" || guard("stored plan is the approved one", text !== plan.planHash || hash !== plan.planHash))
    throw new PortError("invalid", "plans:find", plan.plan, "what is stored is not what was approved; nothing was changed. Order it anew.");
  await world.scalingBook.order(JSON.parse(text) as ScaleOrder); // Written by us under this very hash.
  return lookNow(world, plan.service);
}

/** Whether the scaler could be asked to look at once; else it looks within the minute. */
async function lookNow({ ticks, clock }: AnswerWorld, service: string): Promise<boolean> {
  try {
    await ticks.now({ service, due: clock.now() });
    return true;
  } catch (error) {
    if (error instanceof PortError) return false;
    throw error;
  }
}

async function startOnce(world: AnswerWorld, plan: string, group: unknown): Promise<void> {
  try {
    await world.starter.start("guard", executionName("guard", `manual/${plan}`), { kind: "manual", plan, group });
  } catch (error) {
    const running = error instanceof PortError && error.kind === "conflict" && error.message.includes("DurableExecutionAlreadyStarted");
    if (!guard("execution is started once", running)) throw error;
  }
}
