import { type Approval, epochMs, keyPrefixes } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import { type Approvals, PortError } from "@nightshift/ports";
import { type Fields, fieldsOf } from "./read.ts";
import { sortableMoment } from "./sortable.ts";
import { allOf, type Row, type Table } from "./table.ts";

/** Pending plans listed at most. */
const LISTED = 50;
/** Plans read at once when listing. */
const AT_ONCE = 10;

/**
 * One row a plan, and an index row while nobody has answered it. The row is the truth: listing passes over index rows
 * that outlived their plan's answer.
 * `ask`: 2 calls. `find`: 1. `answer`: 2 (the answer is the first of them). `pending`: 1 and 1 for each plan.
 */
export const approvalsOver = (ledger: Table): Approvals => ({
  async ask(approval) {
    await ledger.put(indexKey(approval.askedAt, approval.plan), { plan: approval.plan }, guarded("approval is asked once", absent));
    if (await ledger.put(rowKey(approval.plan), { ...approval }, guarded("approval is asked once", absent))) return;
    const standing = await find(ledger, approval.plan);
    if (standing !== undefined && standing.planHash !== approval.planHash) {
      throw new PortError("conflict", "approvals:ask", `the plan ${approval.plan}`, "another plan was asked under this id; a changed plan needs a new id");
    }
  },
  find: (plan) => find(ledger, plan),
  async answer(plan, planHash, word, by, at) {
    const answered = await ledger.update(
      rowKey(plan),
      { state: word, by, answeredAt: at },
      allOf(
        guarded("approval is single use", { if: "#state = :pending", values: { pending: "pending" } }),
        guarded("approval is bound to its hash", { if: "#planHash = :hash", values: { hash: planHash } }),
        guarded("approval expires", { if: "#expiresAt > :now", values: { now: at } }),
      ),
    );
    if (answered === undefined) return whyRefused(await find(ledger, plan), planHash);
    await ledger.remove(indexKey(approvalFrom(fieldsOf(answered)).askedAt, plan));
    return "answered";
  },
  async pending() {
    const index = await ledger.range({ pk: keyPrefixes.approvalIndex, newestFirst: true, limit: LISTED });
    const plans = [...new Set(index.map((row) => fieldsOf(row).text("plan")))];
    const found: Approval[] = [];
    for (let next = 0; next < plans.length; next += AT_ONCE) {
      const some = await Promise.all(plans.slice(next, next + AT_ONCE).map((plan) => find(ledger, plan)));
      found.push(...some.filter((approval) => approval !== undefined).filter((approval) => approval.state === "pending"));
    }
    return found;
  },
});

const absent = { if: "attribute_not_exists(#pk)" };
const rowKey = (plan: string) => ({ pk: `${keyPrefixes.approval}${plan}`, sk: "ROW" });
const indexKey = (askedAt: Approval["askedAt"], plan: string) => ({ pk: keyPrefixes.approvalIndex, sk: `${sortableMoment(askedAt)}#${plan}` });

async function find(ledger: Table, plan: string): Promise<Approval | undefined> {
  const row: Row | undefined = await ledger.get(rowKey(plan));
  return row === undefined ? undefined : approvalFrom(fieldsOf(row));
}

/** The condition has three parts; whatever is left when the other two hold is expiry. */
function whyRefused(standing: Approval | undefined, planHash: string): "unknown" | "answered-before" | "plan-changed" | "expired" {
  if (standing === undefined) return "unknown";
  if (standing.state !== "pending") return "answered-before";
  return standing.planHash === planHash ? "expired" : "plan-changed";
}

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
    by: row.textIfAny("by"),
    answeredAt: answeredAt === undefined ? undefined : epochMs(answeredAt),
    callbackId: row.textIfAny("callbackId"),
  };
};
