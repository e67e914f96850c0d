import { firstMemory } from "@nightshift/decide/remember";
import { differencesOf, preconditionsOf } from "@nightshift/decide/manual-rollback";
import { canonicalPlan } from "@nightshift/decide/plan";
import { frozenBecause } from "@nightshift/decide/control";
import { judgeRecovery } from "@nightshift/decide/verify";
import {
  type Approval,
  type Ask,
  type EpochMs,
  type GuardSettings,
  minutes,
  type Prepared,
  type RollbackPlan,
  sayLength,
  since,
  type StoredPlan,
} from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import { automation } from "@nightshift/runtime";
import { prepareByHand } from "@nightshift/runtime/prepare-by-hand";
import type { ManualRollback } from "./manual-input.ts";
import { rememberManual } from "./manual-remember.ts";
import { tellManual } from "./manual-story.ts";
import { manifest } from "./manifest.ts";
import { putBack, type Receipt } from "./put-back.ts";
import { type Recovered, verifyRecovery } from "./recovery.ts";
import { type GuardWorld, settingsOf } from "./settings.ts";

/** All that is known when a person's plan is about to be carried out. */
export interface ManualFacts {
  readonly at: EpochMs;
  readonly stored: StoredPlan | undefined;
  readonly approval: Approval | undefined;
  /** The plan as it was approved; undefined: what is stored is not it. */
  readonly plan: RollbackPlan | undefined;
  readonly settings: GuardSettings;
  /** The group as it stands now, read after the approval. */
  readonly prepared: Prepared;
  /** What is not as it was when the plan was made. */
  readonly differences: readonly string[];
  readonly heldBecause: string | undefined;
  readonly frozenBecause: string | undefined;
}

/** Nothing is changed, and why. */
export interface NotCarriedOut {
  readonly kind: "leave";
  readonly because: readonly string[];
}

/** Carries out a rollback that a person asked for and an operator approved: once, and only over the world that was approved. */
export const manual = automation({
  name: "guard",
  uses: manifest.uses,
  // Two plans in one incident are two pieces of work, neither of them the watch's.
  key: (asked: ManualRollback) => `manual-${asked.plan}`,
  chain: (asked) => asked.group,

  detect: (asked, settings: GuardSettings, run): Promise<ManualFacts> =>
    run.step("read the approved plan and look at the world again", (world) => readAgain(world, { asked, settings, key: run.key })),

  decide: (facts): Ask | NotCarriedOut => {
    const because = refusedBecause(facts);
    if (because !== undefined || facts.plan === undefined) return { kind: "leave", because: because ?? ["there is no such plan"] };
    return {
      kind: "ask",
      plan: facts.plan,
      because: [facts.stored?.because ?? "a person asked for it"],
      breaches: [],
      blame: undefined,
      severity: "P3",
      otherwise: undefined,
    };
  },

  // The word was given to the stored plan before this run was started; `decide` has read it.
  consent: () => "given" as const,

  act: (verdict: Ask, facts, run): Promise<Receipt> => putBack(run, verdict, { settings: facts.settings, control: undefined }),

  verify: async (receipt, { prepared, settings }, run): Promise<Recovered> => {
    if (receipt.moved.every(({ outcome }) => outcome.kind !== "done")) return { kind: "not-sent" };
    const memory = await verifyRecovery(run, receipt, { prepared, memory: firstMemory(prepared), settings });
    return { kind: judgeRecovery(memory, settings), memory };
  },

  tell: tellManual,
  remember: rememberManual,
});

interface ToRead {
  readonly asked: ManualRollback;
  readonly settings: GuardSettings;
  readonly key: string;
}

async function readAgain(world: GuardWorld, { asked, settings, key }: ToRead): Promise<ManualFacts> {
  const stored = await world.plans.find(asked.plan);
  const approval = await world.approvals.find(asked.plan);
  const plan = stored === undefined || approval === undefined ? undefined : approvedPlan(stored, approval);
  const first = settings.services.find((one) => one.name === stored?.service) ?? settings.services[0];
  if (first === undefined) throw new Error(`group ${settings.group} has no service: deploy Nightshift again after changing the config.`);
  const now = await prepareByHand(world, { settings, service: settingsOf(settings, first.name).name, to: undefined, key });
  if (now.kind === "refused") throw new Error(`${first.name} cannot be read: ${now.because}`);
  const services = [settings.group, ...settings.services.map((one) => one.name)];
  return {
    at: now.look.at,
    stored,
    approval,
    plan,
    settings,
    prepared: now.prepared,
    differences: stored === undefined ? [] : differencesOf(stored.preconditions, preconditionsOf(now.look, now.prepared)),
    heldBecause: now.look.heldBecause,
    frozenBecause: frozenBecause(now.control, services, now.look.at),
  };
}

/** The stored plan, if it is the very one that was approved; anything else is nobody's plan. */
function approvedPlan(stored: StoredPlan, approval: Approval): RollbackPlan | undefined {
  const text = stored.input["plan"];
  if (typeof text !== "string") return undefined;
  let read: RollbackPlan;
  try {
    read = JSON.parse(text) as RollbackPlan; // What it says is compared with the hash that was approved, on the next line.
    if (guard("stored plan is the approved one", canonicalPlan(read) !== approval.planHash || read.id !== stored.id || stored.hash !== approval.planHash))
      return undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
  return read;
}

/** An approval is carried out at once; one that is found so much later lost its run, and its world. */
const STARTS_WITHIN = minutes(30);

/** Why the plan is not carried out; undefined: it is. */
function refusedBecause(facts: ManualFacts): readonly string[] | undefined {
  const { stored, approval, plan, at, differences, heldBecause } = facts;
  if (stored === undefined || approval === undefined) return ["there is no such plan in the ledger"];
  if (plan === undefined) return [`what is stored under ${stored.id} is not the plan that was approved`];
  if (guard("approval is for this very plan", approval.state !== "approved")) return [`${stored.id} is ${approval.state}, not approved`];
  const answeredAt = approval.answeredAt ?? approval.askedAt;
  if (guard("expired plan is refused", answeredAt >= stored.expiresAt)) return [`${stored.id} was approved after it had expired`];
  if (guard("approval expires", since(answeredAt, at) > STARTS_WITHIN))
    return [`${stored.id} was approved ${sayLength(since(answeredAt, at))} ago: that is too long`];
  if (heldBecause !== undefined && guard("hold at the verdict")) return [`nothing is changed inside a hold: ${heldBecause}`];
  if (guard("preconditions are as they were", differences.length > 0)) return ["the world is not the one that was approved", ...differences];
  return undefined;
}
