// Loaded beforehand: the adapter loads it at its first call, which takes real time, and the lab's time does not wait for that.
import "@aws-sdk/lib-dynamodb";
import { type Doc, ledgerPorts } from "@nightshift/aws/ledger/index";
import { createAccount } from "@nightshift/lab/account";
import { tableKeys } from "@nightshift/model";
import { ledgerContract } from "./ledger.contract.ts";

const account = createAccount({ seed: 7 });
const tables = { ledger: "contract-ledger", audit: "contract-audit" };
for (const name of [tables.ledger, tables.audit]) account.dynamodb.create({ name, partition: tableKeys.partition, sort: tableKeys.sort });
// The lab's client has one `send` for every command; the adapter reads the answers that the SDK's types name.
const doc = account.client("dynamodb", "contract") as Doc;

ledgerContract(
  "the lab",
  async () => ledgerPorts(async () => doc, tables),
  (work) => account.run(work),
);
