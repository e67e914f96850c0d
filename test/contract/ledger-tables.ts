import { CreateTableCommand, type CreateTableCommandInput, DescribeTableCommand, DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { type LedgerPorts, ledgerPorts } from "@nightshift/aws/ledger/index";
import { tableKeys } from "@nightshift/model";

/** The two tables as the stacks make them. */
const tableNamed = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: tableKeys.partition, AttributeType: "S" },
    { AttributeName: tableKeys.sort, AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: tableKeys.partition, KeyType: "HASH" },
    { AttributeName: tableKeys.sort, KeyType: "RANGE" },
  ],
});

/** Makes fresh tables on a server that speaks DynamoDB, under a name of their own, and opens them. */
export async function freshTables(
  config: DynamoDBClientConfig,
  name: string,
): Promise<{ readonly open: () => LedgerPorts; readonly doc: DynamoDBDocumentClient; readonly tables: { readonly ledger: string; readonly audit: string } }> {
  const client = new DynamoDBClient({ maxAttempts: 1, ...config });
  const tables = { ledger: `${name}-ledger`, audit: `${name}-audit` };
  for (const table of [tables.ledger, tables.audit]) {
    await client.send(new CreateTableCommand(tableNamed(table)));
    await untilActive(client, table);
  }
  const doc = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { open: () => ledgerPorts(async () => doc, tables), doc, tables };
}

/** Local engines are ready after a few looks; the SDK's waiter would wait whole seconds between two. */
async function untilActive(client: DynamoDBClient, table: string): Promise<void> {
  for (let looks = 0; looks < 500; looks++) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    if (Table?.TableStatus === "ACTIVE") return;
  }
  throw new Error(`${table} is not ready after 500 looks`);
}
