import { keyPrefixes } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Deliveries } from "@nightshift/ports";
import { fieldsOf } from "./read.ts";
import type { Condition, Table } from "./table.ts";

/** What the notifier has sent already. `thread`, `setThread`, `state`, `mark`: 1 call each. */
export const deliveriesOver = (ledger: Table): Deliveries => ({
  async thread(incident) {
    const row = await ledger.get({ pk: partition(incident), sk: "THREAD" });
    if (row === undefined) return undefined;
    const fields = fieldsOf(row);
    return { channel: fields.text("channel"), ts: fields.text("ts") };
  },
  async setThread(incident, channel, ts) {
    // The first thread stands: replies are under it already.
    await ledger.put({ pk: partition(incident), sk: "THREAD" }, { channel, ts }, guarded("first thread stands", { if: "attribute_not_exists(#pk)" }));
  },
  async state(incident, entry) {
    const row = await ledger.get(entryKey(incident, entry));
    if (row === undefined) return undefined;
    return fieldsOf(row).oneOf<"trying" | "sent">("state", ["trying", "sent"]);
  },
  async mark(incident, entry, state) {
    // What was sent stays sent, whatever a slower sender believes.
    const condition: Condition | undefined = state === "sent" ? undefined : { if: "attribute_not_exists(#pk) OR #state <> :sent", values: { sent: "sent" } };
    await ledger.update(entryKey(incident, entry), { state }, guarded("sent stays sent", condition));
  },
});

const partition = (incident: string) => `${keyPrefixes.sent}${incident}`;
const entryKey = (incident: string, entry: string) => ({ pk: partition(incident), sk: `ENTRY#${entry}` });
