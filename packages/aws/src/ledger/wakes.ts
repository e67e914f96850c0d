import { epochMs, keyPrefixes } from "@nightshift/model";
import type { Wakes } from "@nightshift/ports";
import { fieldsOf } from "./read.ts";
import type { Table } from "./table.ts";

/** What an incident's war room waits with: one row an incident, the newest callback stands. 1 call each. */
export const wakesOver = (ledger: Table): Wakes => ({
  async wait(incident, callbackId, at) {
    await ledger.update(rowKey(incident), { callbackId, waitsSince: at });
  },
  async waiting(incident) {
    const row = await ledger.get(rowKey(incident));
    return row === undefined ? undefined : fieldsOf(row).text("callbackId");
  },
  async lastWait(incident) {
    const row = await ledger.get(rowKey(incident));
    // A row of the release before has no time.
    const at = row === undefined ? undefined : fieldsOf(row).numberIfAny("waitsSince");
    return at === undefined ? undefined : epochMs(at);
  },
});

const rowKey = (incident: string) => ({ pk: `${keyPrefixes.wake}${incident}`, sk: "ROW" });
