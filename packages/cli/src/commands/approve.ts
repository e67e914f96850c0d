import { createHash } from "node:crypto";
import { type Approval, type EpochMs, sayClock, sayLength, since } from "@nightshift/model";
import { answerPlan as answerInLedger } from "@nightshift/runtime/answer-plan";
import { type Asked, type Command, isOn, Refusal, textOf } from "../frame/command.ts";
import { answer, table } from "../frame/format.ts";
import { nearest } from "../frame/nearest.ts";
import { type AccountWithLedger, ledgerOf, ledgerOptions } from "../place/account.ts";
import type { Place } from "../place/place.ts";
import { actorOf, actorOption } from "./actor.ts";

const options = {
  because: { type: "text", value: "TEXT", says: "why, for the record" },
  ...actorOption,
  ...ledgerOptions,
} as const;
const exits = { 1: "the plan was answered before, has expired or has changed; or AWS refused" } as const;

/** Lets a plan that waits for a person be carried out. Single use, bound to this very plan. */
export const approve = (place: Place): Command => ({
  path: ["approve"],
  group: "Run it",
  summary: "Say yes to a plan that waits for a person",
  more: ["Shows the plan, its hash and when it expires, then asks. Without PLAN: lists what waits."],
  words: "[PLAN]",
  maxWords: 1,
  options: { ...options, yes: { type: "switch", says: "do not ask again" } },
  example: "npx nightshift approve shop-api-43-to-42",
  exits,
  run: (asked) => answerPlan(place, asked, "approved"),
});

/** Says no to a plan: the deployment stays as it is. */
export const deny = (place: Place): Command => ({
  path: ["deny"],
  group: "Run it",
  summary: "Say no to a plan that waits for a person",
  words: "PLAN",
  minWords: 1,
  maxWords: 1,
  options,
  example: 'npx nightshift deny shop-api-43-to-42 --because "we fix forward"',
  exits,
  run: (asked) => answerPlan(place, asked, "denied"),
});

async function answerPlan(place: Place, asked: Asked, word: "approved" | "denied"): Promise<number> {
  const account = ledgerOf(place, asked);
  const { approvals, clock } = account.world;
  const [name] = asked.words;
  if (name === undefined) return list(asked, await approvals.pending(clock.now()), clock.now());
  const plan = await approvals.find(name);
  if (plan === undefined) throw await unknown(name, account);
  if (plan.state !== "pending") {
    // The word stands; where its start was lost to a crash, it is started now.
    if (plan.state === word) await answerInLedger(account.world, plan, { says: word, by: actorOf(place, asked), at: clock.now(), whoMay: AT_LEAST_TWO });
    return already(asked, plan, word);
  }
  for (const line of describe(plan, clock.now())) if (!isOn(asked, "json")) asked.io.out(line);
  if (word === "approved") await confirm(asked);
  return carry(place, asked, { account, plan, word });
}

async function confirm(asked: Asked): Promise<void> {
  if (isOn(asked, "yes")) return;
  const said = await asked.io.ask("Approve this plan? Type yes: ");
  if (said === undefined) throw new Refusal("Nobody can be asked here, so nothing was approved: run it on a terminal, or add --yes.");
  if (said.trim().toLowerCase() !== "yes") throw new Refusal("Not approved; nothing was changed. The plan still waits.", 1);
}

interface ToCarry {
  readonly account: AccountWithLedger;
  readonly plan: Approval;
  readonly word: "approved" | "denied";
}

/** Two names on the command line are two people as far as it can tell; who they are, AWS has checked. */
const AT_LEAST_TWO = 2;

/** Records the word, writes it under its condition, and starts or wakes what it allows. */
async function carry(place: Place, asked: Asked, { account: { world }, plan, word }: ToCarry): Promise<number> {
  // A word is given once: it must not be spent where nobody can be told to carry it out.
  if (word === "approved" && place.environment["GUARD_FUNCTION_ARN"] === undefined && (await world.plans.find(plan.plan)) !== undefined)
    throw new Refusal(
      `${plan.plan} was asked for in Slack and is carried out by the guard, whose address is not known here, so nothing was changed. Approve it in Slack, or set GUARD_FUNCTION_ARN.`,
    );
  const by = actorOf(place, asked);
  const at = world.clock.now();
  const because = textOf(asked, "because") ?? null;
  await world.audit.append({
    chain: "control",
    key: `${word}/${plan.plan}/${by}/${at}`,
    at,
    kind: "command",
    actor: by,
    body: { does: word, plan: plan.plan, planHash: hashOf(plan), because },
  });
  const became = await answerInLedger(world, plan, { says: word, by, at, whoMay: AT_LEAST_TWO });
  switch (became.kind) {
    case "answered":
      await tellIncident(world, { plan, word, by, at, because });
      answer(asked, { plan: plan.plan, word, by, result: "answered", woken: became.woken }, [
        word === "approved"
          ? "Approved. Nightshift looks again and acts if the world is still as planned; holds are obeyed."
          : "Denied. The deployment stays; nothing is rolled back.",
        ...(became.woken ? [] : ["The waiting run could not be woken; it reads your word when its time to answer ends."]),
      ]);
      return 0;
    case "one-of-two":
      answer(asked, { plan: plan.plan, word, by, result: "one-of-two" }, [
        `Your yes to ${plan.plan} counts. A second person must approve it, too, before anything is done.`,
      ]);
      return 0;
    case "again":
      answer(asked, { plan: plan.plan, word, by, result: "answered-before" }, [`${became.because.replace(/\.$/, "")}; nothing was changed.`]);
      return 0;
    case "refused":
      throw new Refusal(became.because, 1);
  }
}

/** A plan that a person asked for in an incident is answered there; what the guard asked, the guard tells. */
async function tellIncident(
  world: AccountWithLedger["world"],
  { plan, word, by, at, because }: { plan: Approval; word: "approved" | "denied"; by: string; at: EpochMs; because: string | null },
): Promise<void> {
  if (plan.incident === undefined || plan.requester === "nightshift/guard") return;
  const text = `${by} ${word} the plan ${plan.plan}${because === null ? "" : `: ${because}`}.`;
  await world.incidents.say(plan.incident, { key: `answered/${plan.plan}`, at, kind: "answered", text, announce: true, actor: `cli/${by}` });
}

/** The same word twice is harmless; the other word comes too late. */
function already(asked: Asked, plan: Approval, word: "approved" | "denied"): number {
  const when = plan.answeredAt === undefined ? "" : ` at ${sayClock(plan.answeredAt)} UTC`;
  if (plan.state !== word)
    throw new Refusal(`${plan.plan} was ${plan.state} by ${plan.by ?? "somebody"}${when} already; a word is given once and nothing was changed.`, 1);
  answer(asked, { plan: plan.plan, word, by: plan.by, result: "answered-before" }, [
    `${plan.plan} was ${word} by ${plan.by ?? "somebody"}${when} already; nothing was changed.`,
  ]);
  return 0;
}

async function unknown(name: string, { world }: AccountWithLedger): Promise<Refusal> {
  const waiting = (await world.approvals.pending(world.clock.now())).map((one) => one.plan);
  const close = nearest(name, waiting);
  const rest = waiting.length === 0 ? "No plan waits for a person." : `Waiting: ${waiting.join(", ")}.`;
  return new Refusal(`There is no plan "${name}" in the ledger${close === undefined ? "." : `; did you mean "${close}"?`} ${rest}`);
}

function list(asked: Asked, waiting: readonly Approval[], now: Approval["askedAt"]): number {
  const rows = waiting.map((plan) => [plan.plan, plan.service, left(plan, now), plan.what]);
  answer(asked, waiting, waiting.length === 0 ? ["No plan waits for a person."] : table(["plan", "service", "expires", "what"], rows));
  return 0;
}

const left = (plan: Approval, now: Approval["askedAt"]): string => (plan.expiresAt <= now ? "expired" : `in ${sayLength(since(now, plan.expiresAt))}`);

/** A fingerprint that fits a line and changes with the plan. */
const hashOf = (plan: Approval): string => createHash("sha256").update(plan.planHash).digest("hex").slice(0, 16);

const describe = (plan: Approval, now: Approval["askedAt"]): readonly string[] => [
  `Plan     ${plan.plan}`,
  `Service  ${plan.service}`,
  `Does     ${plan.what}`,
  `Because  ${plan.because}`,
  `Hash     ${hashOf(plan)}`,
  ...(plan.needs.people === 2 ? [`Needs    two people with the role ${plan.needs.role}; ${plan.given.length} so far`] : []),
  `Expires  ${left(plan, now)} (${sayClock(plan.expiresAt)} UTC)`,
];
