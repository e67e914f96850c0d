import { after } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Consent, Question } from "./automation.ts";
import type { At } from "./needs.ts";

/** Who asks, in the row: no person, so that anybody with the role may answer. */
const AUTOMATION = "nightshift/guard";

/**
 * Asks a person and waits. The approval row is the truth, the callback only wakes us: a word that was
 * written but never woke anybody is found when the deadline passes.
 */
export async function askPerson({ world, checkpoints }: At, question: Question): Promise<Consent> {
  const askedAt = await checkpoints.once(`when ${question.plan} was asked`, async () => world.clock.now());
  await checkpoints.awaitWord(
    `wait for a word on ${question.plan}`,
    (callbackId) =>
      world.approvals.ask({
        plan: question.plan,
        planHash: question.planHash,
        what: question.what,
        because: question.because,
        service: question.service,
        askedAt,
        expiresAt: after(askedAt, question.askFor),
        state: "pending",
        // What the guard asks can be undone: one operator's word is enough (`facts/incidents.md` 7.7).
        needs: { role: "operator", people: 1 },
        requester: AUTOMATION,
        incident: question.incident,
        given: [],
        by: undefined,
        answeredAt: undefined,
        callbackId,
      }),
    question.askFor,
  );
  return checkpoints.once(`the word on ${question.plan}`, async () => {
    const row = await world.approvals.find(question.plan);
    if (row === undefined || row.state === "pending" || guard("approval is for this very plan", row.planHash !== question.planHash))
      return { kind: "timed-out", at: world.clock.now() };
    return { kind: row.state, by: row.by ?? "somebody", at: row.answeredAt ?? askedAt };
  });
}
