import { epochMs, keyPrefixes } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Nonces, Plans } from "@nightshift/ports";
import { fieldsOf } from "./read.ts";
import type { Table } from "./table.ts";

const absent = { if: "attribute_not_exists(#pk)" };

/** Plans that people asked for: one row each, written once. `keep`, `find`: 1 call each. */
export const plansOver = (ledger: Table): Plans => ({
  async keep(plan) {
    await ledger.put(rowKey(plan.id), { ...plan, preconditions: { ...plan.preconditions }, input: { ...plan.input } }, guarded("plan is kept once", absent));
  },
  async find(id) {
    const row = await ledger.get(rowKey(id));
    if (row === undefined) return undefined;
    const fields = fieldsOf(row);
    return {
      id: fields.text("id"),
      hash: fields.text("hash"),
      verb: fields.text("verb"),
      service: fields.text("service"),
      requester: fields.text("requester"),
      incident: fields.textIfAny("incident"),
      because: fields.text("because"),
      madeAt: epochMs(fields.number("madeAt")),
      expiresAt: epochMs(fields.number("expiresAt")),
      calls: fields.texts("calls"),
      preconditions: fields.textMap("preconditions"),
      input: fields.object("input").raw,
    };
  },
});

/** A nonce is good once; DynamoDB may throw it away after `until`, when its request would be refused for its age. `spend`: 1 call. */
export const noncesOver = (ledger: Table): Nonces => ({
  spend: (nonce, until) =>
    ledger.put({ pk: `${keyPrefixes.nonce}${nonce}`, sk: "ROW" }, { expires: Math.ceil(until / 1_000) }, guarded("request is taken once", absent)),
});

const rowKey = (id: string) => ({ pk: `${keyPrefixes.plan}${id}`, sk: "ROW" });
