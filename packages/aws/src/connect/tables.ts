import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ClientOptions } from "./options.ts";

/** Makes the client of DynamoDB's own operations on tables and backups; the ledger's is `dynamodb.ts`. Loaded at first use. */
export const connectTables = (options: ClientOptions): DynamoDBClient => new DynamoDBClient(options);
