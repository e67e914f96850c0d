import { type ControlState, emptyControl, epochMs, type Freeze, type Hold, keyPrefixes, type Lease, type Spent } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Control } from "@nightshift/ports";
import { type Fields, fieldsOf } from "./read.ts";
import type { Table } from "./table.ts";

const key = { pk: keyPrefixes.control, sk: "ROW" };

/** The one control row. `read`: 1 call. `replace`: 1 call. */
export const controlOver = (ledger: Table): Control => ({
  async read() {
    const row = await ledger.get(key);
    return row === undefined ? emptyControl : controlFrom(fieldsOf(row));
  },
  async replace(next) {
    const { version, holds, freezes, leases, spent, wanted, epoch } = next;
    const unchanged = version === 1 ? { if: "attribute_not_exists(#pk)" } : { if: "#version = :before", values: { before: version - 1 } };
    return (
      (await ledger.update(key, { version, holds, freezes, leases, spent, wanted, epoch }, guarded("control row is as it was read", unchanged))) !== undefined
    );
  },
});

const controlFrom = (row: Fields): ControlState => ({
  version: row.number("version"),
  holds: row.list("holds").map(holdFrom),
  ...(row.raw["freezes"] === undefined ? {} : { freezes: row.list("freezes").map(freezeFrom) }),
  leases: row.list("leases").map(leaseFrom),
  spent: row.list("spent").map(spentFrom),
  wanted: row.list("wanted").map((one) => ({ ...one.raw, service: one.text("service"), group: one.text("group"), at: epochMs(one.number("at")) })),
  epoch: row.number("epoch"),
});

// These lists are written back whole: what a newer release put into an element travels along (`...raw`).
const holdFrom = (row: Fields): Hold => {
  const until = row.numberIfAny("until");
  return {
    ...row.raw,
    scope: row.text("scope"),
    by: row.text("by"),
    because: row.text("because"),
    at: epochMs(row.number("at")),
    until: until === undefined ? undefined : epochMs(until),
  };
};

const freezeFrom = (row: Fields): Freeze => ({
  ...row.raw,
  scope: row.text("scope"),
  by: row.text("by"),
  because: row.text("because"),
  at: epochMs(row.number("at")),
  until: epochMs(row.number("until")),
});

const leaseFrom = (row: Fields): Lease => ({
  ...row.raw,
  resource: row.text("resource"),
  holder: row.text("holder"),
  purpose: row.oneOf("purpose", ["rollback", "scale", "backup"]),
  epoch: row.number("epoch"),
  until: epochMs(row.number("until")),
});

const spentFrom = (row: Fields): Spent => ({
  ...row.raw,
  key: row.text("key"),
  service: row.text("service"),
  group: row.text("group"),
  kind: row.oneOf("kind", ["rollback", "other"]),
  at: epochMs(row.number("at")),
  mutations: row.number("mutations"),
});
