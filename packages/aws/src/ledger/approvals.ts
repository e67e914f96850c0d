import { type Approval, type ApprovalNeeds, type EpochMs, epochMs, keyPrefixes, minutes, roles } from "@nightshift/model";
import { guard, guarded } from "@nightshift/model/guards";
import { type Approvals, PortError } from "@nightshift/ports";
import { type Fields, fieldsOf } from "./read.ts";
import { sortableMoment } from "./sortable.ts";
import { allOf, type Row, type Table } from "./table.ts";

/** Pending plans listed at most. */
const LISTED = 50;
/** Plans read, or index rows removed, at once. */
const AT_ONCE = 10;
/** Index rows removed in one listing at most: the rest is left to the next. */
const REMOVED = 50;

/**
 * One row a plan, and an index row while it may be answered. The row is the truth: listing removes index rows that
 * outlived their plan's time or answer, so that they neither grow in number nor hide a plan that waits.
 * `ask`: 2 calls. `find`: 1. `answer`: 3 (the answer is the second of them). `pending`: 1, and 1 for each plan that waits or index row that is removed.
 */
export const approvalsOver = (ledger: Table): Approvals => ({
  async ask(approval) {
    const { plan, askedAt, expiresAt } = approval;
    await ledger.put(indexKey(askedAt, plan), { plan, expiresAt }, guarded("approval is asked once", absent));
    if (await ledger.put(rowKey(approval.plan), { ...approval }, guarded("approval is asked once", absent))) return;
    const standing = await find(ledger, approval.plan);
    if (standing !== undefined && standing.planHash !== approval.planHash) {
      throw new PortError("conflict", "approvals:ask", `the plan ${approval.plan}`, "another plan was asked under this id; a changed plan needs a new id");
    }
  },
  find: (plan) => find(ledger, plan),
  async answer(plan, planHash, word, by, at) {
    for (let attempt = 0; attempt < AT_ONCE; attempt++) {
      const standing = await find(ledger, plan);
      if (standing === undefined) return "unknown";
      const answer = await answerOver(ledger, standing, { planHash, word, by, at });
      if (answer !== "seen-too-late") return answer;
    }
    throw new PortError("conflict", "approvals:answer", `the plan ${plan}`, "too many people answer at this moment; try again");
  },
  async pending(at) {
    const index = (await ledger.range({ pk: keyPrefixes.approvalIndex, newestFirst: true })).map(fieldsOf);
    const stale = index.filter((row) => isPast(row, at));
    const waiting = index.filter((row) => !isPast(row, at));
    const found: Approval[] = [];
    for (let next = 0; next < waiting.length && found.length < LISTED; next += AT_ONCE) {
      const some = waiting.slice(next, next + AT_ONCE);
      const plans = await Promise.all(some.map((row) => find(ledger, row.text("plan"))));
      found.push(...plans.filter((plan) => plan !== undefined).filter((plan) => isOpen(plan, at)));
      // An index row without its plan may be one that is just being asked.
      stale.push(...some.filter((_, n) => plans[n] !== undefined && !isOpen(plans[n], at)));
    }
    await removeSome(ledger, stale);
    return found.slice(0, LISTED);
  },
});

/** An index row whose plan's time is over; rows of the first release do not say when, so that their plans are read. */
const isPast = (row: Fields, at: EpochMs): boolean => (row.numberIfAny("expiresAt") ?? Number.POSITIVE_INFINITY) <= at;

const isOpen = ({ state, expiresAt }: Approval, at: EpochMs): boolean => state === "pending" && expiresAt > at;

/** Housekeeping: whoever lists may not be allowed to remove, or may be cut off; the next listing goes on. */
async function removeSome(ledger: Table, stale: readonly Fields[]): Promise<void> {
  const some = stale.slice(0, REMOVED);
  for (let next = 0; next < some.length; next += AT_ONCE) {
    const removing = some.slice(next, next + AT_ONCE).map((row) => ledger.remove({ pk: keyPrefixes.approvalIndex, sk: row.text("sk") }));
    if ((await Promise.allSettled(removing)).some(({ status }) => status === "rejected")) return;
  }
}

const absent = { if: "attribute_not_exists(#pk)" };
const rowKey = (plan: string) => ({ pk: `${keyPrefixes.approval}${plan}`, sk: "ROW" });
const indexKey = (askedAt: Approval["askedAt"], plan: string) => ({ pk: keyPrefixes.approvalIndex, sk: `${sortableMoment(askedAt)}#${plan}` });

async function find(ledger: Table, plan: string): Promise<Approval | undefined> {
  const row: Row | undefined = await ledger.get(rowKey(plan));
  return row === undefined ? undefined : approvalFrom(fieldsOf(row));
}

interface Answer {
  readonly planHash: string;
  readonly word: "approved" | "denied";
  readonly by: string;
  readonly at: EpochMs;
}

/** The same person's second yes counts only this much later, where one person is the whole team (decision 56). */
const SECOND_YES = minutes(10);

/** One try over the row as it was read. `seen-too-late`: somebody else answered meanwhile. */
async function answerOver(ledger: Table, standing: Approval, { planHash, word, by, at }: Answer) {
  const { plan, needs, given: before } = standing;
  const twice = before.some((one) => one.by === by && at - one.at < SECOND_YES);
  if (standing.state === "pending" && word === "approved" && guard("two yeses are of two people", twice)) return "one-of-two";
  const given = word === "approved" ? [...before, { by, at }] : before;
  const state = word === "approved" && given.length < needs.people ? "pending" : word;
  const answered = await ledger.update(
    rowKey(plan),
    { state, given, by, answeredAt: at },
    allOf(
      // Two yeses at once are two readings of one row: a yes is written over another only if it saw it.
      guarded("every yes is counted", { if: "size(#given) = :seen", values: { seen: before.length } }),
      guarded("approval is single use", { if: "#state = :pending", values: { pending: "pending" } }),
      guarded("approval is bound to its hash", { if: "#planHash = :hash", values: { hash: planHash } }),
      guarded("approval expires", { if: "#expiresAt > :now", values: { now: at } }),
    ),
  );
  if (answered === undefined) return whyRefused(await find(ledger, plan), planHash, at);
  if (state === "pending") return "one-of-two";
  await ledger.remove(indexKey(approvalFrom(fieldsOf(answered)).askedAt, plan));
  return "answered";
}

/** Whatever is left when neither state, hash nor expiry is the reason is somebody else's yes. */
function whyRefused(standing: Approval | undefined, planHash: string, at: EpochMs) {
  if (standing === undefined) return "unknown";
  if (standing.state !== "pending") return "answered-before";
  if (standing.planHash !== planHash) return "plan-changed";
  return standing.expiresAt > at ? "seen-too-late" : "expired";
}

const needsFrom = (row: Fields): ApprovalNeeds => ({ role: row.oneOf("role", roles), people: row.number("people") === 2 ? 2 : 1 });

const approvalFrom = (row: Fields): Approval => {
  const answeredAt = row.numberIfAny("answeredAt");
  return {
    plan: row.text("plan"),
    planHash: row.text("planHash"),
    what: row.text("what"),
    because: row.text("because"),
    service: row.text("service"),
    askedAt: epochMs(row.number("askedAt")),
    expiresAt: epochMs(row.number("expiresAt")),
    state: row.oneOf("state", ["pending", "approved", "denied"]),
    // Rows of the first release: one operator says yes to what the guard asked.
    needs: row.raw["needs"] === undefined ? { role: "operator", people: 1 } : needsFrom(row.object("needs")),
    requester: row.textIfAny("requester") ?? "nightshift/guard",
    incident: row.textIfAny("incident"),
    given: row.raw["given"] === undefined ? [] : row.list("given").map((one) => ({ by: one.text("by"), at: epochMs(one.number("at")) })),
    by: row.textIfAny("by"),
    answeredAt: answeredAt === undefined ? undefined : epochMs(answeredAt),
    callbackId: row.textIfAny("callbackId"),
  };
};
