import { keyPrefixes, tableKeys } from "@nightshift/model";
import { guarded } from "@nightshift/model/guards";
import type { Nonces } from "@nightshift/ports";
import { AwsRefusal, callAws, type Reach } from "./sign-call.ts";

/** Nonces in the ledger, one conditional write each. */
export const noncesOver = (reach: Reach, table: string): Nonces => ({
  async spend(nonce, until) {
    try {
      await callAws(reach, "dynamodb", "PutItem", {
        TableName: table,
        Item: {
          [tableKeys.partition]: { S: `${keyPrefixes.nonce}${nonce}` },
          [tableKeys.sort]: { S: "ROW" },
          // For housekeeping alone: DynamoDB may be days late, and an old request is refused by its time.
          [tableKeys.expires]: { N: String(Math.ceil(until / 1_000)) },
        },
        ConditionExpression: guarded("request is taken once", "attribute_not_exists(#pk)"),
        ExpressionAttributeNames: guarded("request is taken once", { "#pk": tableKeys.partition }),
      });
      return true;
    } catch (error) {
      if (error instanceof AwsRefusal && error.code === "ConditionalCheckFailedException") return false;
      throw error;
    }
  },
});
