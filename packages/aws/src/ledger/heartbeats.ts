import { epochMs, keyPrefixes } from "@nightshift/model";
import type { Heartbeats } from "@nightshift/ports";
import { fieldsOf } from "./read.ts";
import type { Table } from "./table.ts";

const key = { pk: keyPrefixes.heartbeat, sk: "ROW" };
/** A row of its own, so that noting Slack's answer does not look like another beat on the stream. */
const answer = { pk: `${keyPrefixes.wake}slack`, sk: "ANSWERED" };

/** Proof of life. `beat`, `answered`: 1 call. `last`: 2 calls. */
export const heartbeatsOver = (ledger: Table): Heartbeats => ({
  async beat(at) {
    await ledger.update(key, { at });
  },
  async answered(at) {
    await ledger.update(answer, { at });
  },
  async last() {
    const row = await ledger.get(key);
    if (row === undefined) return undefined;
    const slack = await ledger.get(answer);
    return { at: epochMs(fieldsOf(row).number("at")), slackAt: slack === undefined ? undefined : epochMs(fieldsOf(slack).number("at")) };
  },
});
