import { after, type Approval, type ApprovalNeeds, type EpochMs, minutes, type Ms, sayClock, sayLength, since, type Verb } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";

/** A plan of a person waits so long: what was seen is older after that than anybody should act on (`facts/incidents.md` 7.7). */
const PLAN_LASTS = minutes(10);
/** One person who is the whole team says yes twice, at least so far apart (decision 56). */
const TWICE_APART = minutes(10);

/** How those begin who ask in the row of a question that no person asked. */
const AUTOMATION = "nightshift/";

/** What a verb's plan needs: one operator for a rollback, two people for what cannot be undone (`facts/incidents.md` 7.7). */
export const needsOf = (verb: Verb): ApprovalNeeds => ({ role: verb === "restore" ? "owner" : "operator", people: verb === "restore" ? 2 : 1 });

/** How long the plan waits. A lone person's second yes comes ten minutes after the first, so that theirs waits longer. */
export const planLasts = (needs: ApprovalNeeds, whoMay: number): Ms => (needs.people === 2 && whoMay < 2 ? minutes(30) : PLAN_LASTS);

/** Somebody's word on a plan. */
export interface Word {
  readonly says: "approved" | "denied";
  readonly by: string;
  readonly at: EpochMs;
  /** How many people hold the role that the plan needs. */
  readonly whoMay: number;
}

/** Whether the word may be given. `again`: the same person said the same before, and nothing more is to be done. */
export type Answerable =
  | { readonly kind: "counts" }
  | { readonly kind: "again"; readonly because: string }
  | { readonly kind: "refused"; readonly because: string };

/** Whether this person's word counts on this plan; the role was looked at before. Pure: the ledger still lets one of two words through. */
export function mayAnswer(plan: Approval, word: Word): Answerable {
  if (plan.state !== "pending") {
    const when = plan.answeredAt === undefined ? "" : ` at ${sayClock(plan.answeredAt)} UTC`;
    const because = `${plan.plan} was ${plan.state} by ${plan.by ?? "somebody"}${when} already.`;
    return plan.state === word.says ? { kind: "again", because } : { kind: "refused", because: `${because} A word is given once and nothing was changed.` };
  }
  if (guard("expired plan is refused", plan.expiresAt <= word.at))
    return {
      kind: "refused",
      because: `${plan.plan} expired at ${sayClock(plan.expiresAt)} UTC, so nothing was changed. ${plan.requester.startsWith(AUTOMATION) ? "A new sign of trouble makes a new plan." : "Ask for a new one."}`,
    };
  if (word.says === "denied" || plan.needs.people === 1) return { kind: "counts" };
  return asOneOfTwo(plan, word);
}

function asOneOfTwo(plan: Approval, word: Word): Answerable {
  const mine = plan.given.findLast((one) => one.by === word.by);
  if (word.whoMay < 2) {
    const early = mine === undefined ? undefined : after(mine.at, TWICE_APART);
    return early !== undefined && guard("a team of one waits", word.at < early)
      ? {
          kind: "refused",
          because: `You are the only one who may approve ${plan.plan}, so you confirm it twice, ten minutes apart: again in ${sayLength(since(word.at, early))}.`,
        }
      : { kind: "counts" };
  }
  if (mine !== undefined && guard("two yeses are of two people"))
    return { kind: "again", because: `You approved ${plan.plan} already; a second person must, too.` };
  if (plan.given.length === 1 && guard("requester is not the second of two", plan.requester === word.by))
    return { kind: "refused", because: `You asked for ${plan.plan}, so the second yes must be somebody else's.` };
  return { kind: "counts" };
}
