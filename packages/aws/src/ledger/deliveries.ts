import { type Delivery, epochMs, keyPrefixes, type SendBudget } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Deliveries, SendBudgets } from "@nightshift/ports";
import { missing } from "./errors.ts";
import { type Fields, fieldsOf } from "./read.ts";
import type { Table } from "./table.ts";

/** What the notifier has sent already: one row a message. `all`, `begin`, `settle`: 1 call each; a `settle` that comes too late 2. */
export const deliveriesOver = (ledger: Table): Deliveries => ({
  async all(incident) {
    return (await ledger.range({ pk: partition(incident) })).map((row) => deliveryFrom(fieldsOf(row)));
  },
  begin: (incident, delivery) =>
    // What was sent stays sent, and of two senders with the same row in mind one sends.
    ledger.put(
      rowKey(incident, delivery.key),
      { ...delivery },
      guarded("sent stays sent", {
        if: "attribute_not_exists(#pk) OR (#state <> :sent AND #tries = :before)",
        values: { sent: "sent", before: delivery.tries - 1 },
      }),
    ),
  async settle(incident, key, { state, ts, shown, tries }) {
    const set = { state, ...(ts === undefined ? {} : { ts }), ...(shown === undefined ? {} : { shown }) };
    const where = rowKey(incident, key);
    // A row that is not there has no tries, either.
    const settled = await ledger.update(where, set, guarded("only what was begun is settled", { if: "#tries = :ours", values: { ours: tries } }));
    // A slower sender's answer: whoever began again looks for the message first, and settles it.
    if (settled === undefined && (await ledger.range({ pk: where.pk, from: where.sk, to: where.sk })).length === 0)
      throw missing("delivery", `pk=${where.pk} sk=${where.sk}`);
  },
});

/** What a channel, or the workspace, has spent: one row each, replaced whole under its version. `read`, `replace`: 1 call each. */
export const sendBudgetsOver = (ledger: Table): SendBudgets => ({
  async read(scope) {
    const row = await ledger.get(budgetKey(scope));
    if (row === undefined) return { scope, version: 0, notBefore: epochMs(0), spent: [], failures: 0, failingSince: undefined };
    const fields = fieldsOf(row);
    const failingSince = fields.numberIfAny("failingSince");
    return {
      scope: fields.text("scope"),
      version: fields.number("version"),
      notBefore: epochMs(fields.number("notBefore")),
      spent: fields.numbers("spent").map(epochMs),
      failures: fields.number("failures"),
      failingSince: failingSince === undefined ? undefined : epochMs(failingSince),
    };
  },
  async replace({ scope, version, notBefore, spent, failures, failingSince }: SendBudget) {
    const unchanged = version === 1 ? { if: "attribute_not_exists(#pk)" } : { if: "#version = :before", values: { before: version - 1 } };
    const row = { scope, version, notBefore, spent, failures, failingSince };
    return (await ledger.update(budgetKey(scope), row, guarded("send budget is as it was read", unchanged))) !== undefined;
  },
});

const partition = (incident: string) => `${keyPrefixes.sent}${incident}`;
const rowKey = (incident: string, key: string) => ({ pk: partition(incident), sk: `MESSAGE#${key}` });
const budgetKey = (scope: string) => ({ pk: `${keyPrefixes.budget}${scope}`, sk: "ROW" });

const deliveryFrom = (fields: Fields): Delivery => ({
  key: fields.text("key"),
  state: fields.oneOf("state", ["trying", "refused", "sent", "parked"]),
  channel: fields.text("channel"),
  thread: fields.textIfAny("thread"),
  covers: fields.texts("covers"),
  ts: fields.textIfAny("ts"),
  shown: fields.textIfAny("shown"),
  startedAt: epochMs(fields.number("startedAt")),
  tries: fields.number("tries"),
});
