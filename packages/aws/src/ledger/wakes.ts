import { keyPrefixes } from "@nightshift/model";
import type { Wakes } from "@nightshift/ports";
import { fieldsOf } from "./read.ts";
import type { Table } from "./table.ts";

/** What an incident's war room waits with: one row an incident, the newest callback stands. `wait`, `waiting`: 1 call each. */
export const wakesOver = (ledger: Table): Wakes => ({
  async wait(incident, callbackId) {
    await ledger.update(rowKey(incident), { callbackId });
  },
  async waiting(incident) {
    const row = await ledger.get(rowKey(incident));
    return row === undefined ? undefined : fieldsOf(row).text("callbackId");
  },
});

const rowKey = (incident: string) => ({ pk: `${keyPrefixes.wake}${incident}`, sk: "ROW" });
