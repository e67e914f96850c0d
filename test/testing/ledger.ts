// Loaded beforehand: the adapter loads it at its first call, which takes real time, and the lab's time does not wait for that.
import "@aws-sdk/lib-dynamodb";
import { type Doc, type LedgerPorts, ledgerPorts } from "@nightshift/aws/ledger/index";
import { createAccount } from "@nightshift/lab/account";
import { tableKeys } from "@nightshift/model";

/** Both tables, empty, in the memory of a lab account of their own; whatever touches them runs inside `work`. */
export async function withLedger(work: (ledger: LedgerPorts) => Promise<void>): Promise<void> {
  const account = createAccount({ seed: 7 });
  const tables = { ledger: "ledger", audit: "audit" };
  for (const name of [tables.ledger, tables.audit]) account.dynamodb.create({ name, partition: tableKeys.partition, sort: tableKeys.sort });
  // The lab's client has one `send` for every command; the adapter reads the answers that the SDK's types name.
  const doc = account.client("dynamodb", "test") as Doc;
  await account.run(() => work(ledgerPorts(async () => doc, tables)));
}
