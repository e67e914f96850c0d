import { days, type EpochMs, epochMs, keyPrefixes, type ScaleOrder, type ScalingDecision, type ScalingState } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { ScalingBook } from "@nightshift/ports";
import { type Fields, fieldsOf } from "./read.ts";
import { sortableMoment } from "./sortable.ts";
import type { Table } from "./table.ts";
import { storedText, textStored } from "./texts.ts";

/** Decisions told at once. */
const LISTED = 50;
/** How long a decision is kept; `scale explain` and `scale replay` look back over it. */
const KEPT = days(30);
/** How long an order stays after its end: housekeeping, for whoever reads obeys `until`. */
const ORDER_KEPT = days(7);

/**
 * Rows of one service in one partition: the state, the order, and each decision under its moment. The state is one text: the
 * decision's memory comes back exactly as it was written.
 * `read`, `replace`, `order`, `endOrder`, `record`: 1 call each. `decisions`: 1, more when they fill over 1 MB.
 */
export const scalingBookOver = (ledger: Table): ScalingBook => ({
  async read(service) {
    const rows = (await ledger.range({ pk: pkOf(service), from: ORDER, to: STATE })).map(fieldsOf);
    const state = rows.find((row) => row.text("sk") === STATE);
    const order = rows.find((row) => row.text("sk") === ORDER);
    return { state: state && stateFrom(state), order: order && orderFrom(order) };
  },
  async replace(service, next) {
    const { version, at } = next;
    const unchanged = version === 1 ? { if: "attribute_not_exists(#pk)" } : { if: "#version = :before", values: { before: version - 1 } };
    const row = { version, at, ...storedText("state", next, `the scaling state of ${service}`) };
    return (await ledger.update({ pk: pkOf(service), sk: STATE }, row, guarded("scaling state is as it was read", unchanged))) !== undefined;
  },
  async order(order) {
    await ledger.put({ pk: pkOf(order.service), sk: ORDER }, { ...order, expires: secondsAfter(order.until, ORDER_KEPT) });
  },
  endOrder: (service) => ledger.remove({ pk: pkOf(service), sk: ORDER }),
  async record(decision) {
    const { service, at } = decision;
    const row = { at, ...storedText("decision", decision, `the decision on ${service}`), expires: secondsAfter(at, KEPT) };
    await ledger.put({ pk: pkOf(service), sk: decisionKey(at) }, row, guarded("scaling decision is kept once", { if: "attribute_not_exists(#pk)" }));
  },
  async decisions(service, before) {
    const to = before === undefined ? `${DECISION}${sortableMoment(LAST_MOMENT)}` : decisionKey(epochMs(before - 1));
    const rows = await ledger.range({ pk: pkOf(service), from: DECISION, to, newestFirst: true, limit: LISTED });
    return rows.map((row) => decisionFrom(fieldsOf(row)));
  },
});

// In this order: one range from the order to the state holds nothing else.
const DECISION = "DECISION#";
const ORDER = "ORDER";
const STATE = "STATE";
/** Far beyond any decision, and still 15 digits. */
const LAST_MOMENT = epochMs(999_999_999_999_999);

const pkOf = (service: string): string => `${keyPrefixes.scaling}${service}`;
const decisionKey = (at: EpochMs): string => `${DECISION}${sortableMoment(at)}`;
const secondsAfter = (at: EpochMs, length: number): number => Math.ceil((at + length) / 1_000);

const orderFrom = (row: Fields): ScaleOrder => ({
  service: row.text("service"),
  workers: row.numberIfAny("workers"),
  max: row.numberIfAny("max"),
  by: row.text("by"),
  because: row.text("because"),
  at: epochMs(row.number("at")),
  until: epochMs(row.number("until")),
});

/** What every reader relies on is checked; the memory is the decision's own, written whole by it and read by nobody else. */
function stateFrom(row: Fields): ScalingState {
  const { value, fields } = textStored(row, "state");
  const version = row.number("version");
  fields.number("at");
  for (const list of ["draining", "changes", "attention"]) fields.list(list);
  const memory = fields.object("memory");
  for (const list of ["samples", "starting"]) memory.list(list);
  // Checked above as far as a release may have changed it; JSON gave back what this type was written as.
  return { ...(value as ScalingState), version };
}

function decisionFrom(row: Fields): ScalingDecision {
  const { value, fields } = textStored(row, "decision");
  fields.text("service");
  for (const part of ["observation", "from", "verdict"]) fields.object(part);
  // As above.
  return value as ScalingDecision;
}
