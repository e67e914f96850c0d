/// <reference path="../.sst/platform/config.d.ts" />
import { tableKeys } from "@nightshift/model";
import { isProduction } from "./names.ts";

/** The two tables and the evidence bucket (decisions 13 and 16). */
export function storage() {
  const keys = { fields: { pk: "string", sk: "string" }, primaryIndex: { hashKey: "pk", rangeKey: "sk" } } as const;
  return {
    // The stream is how the notifier learns of new lines; the point-in-time recovery that SST turns on covers 35 days.
    // Old claims and spent requests are swept out by DynamoDB, some day; nothing depends on when (decision 16).
    ledger: new sst.aws.Dynamo("Ledger", { ...keys, stream: "new-image", ttl: tableKeys.expires, deletionProtection: isProduction() }),
    audit: new sst.aws.Dynamo("Audit", { ...keys, deletionProtection: isProduction() }),
    evidence: evidence(),
  };
}

function evidence() {
  return new sst.aws.Bucket("Evidence", {
    versioning: true,
    cors: false,
    lifecycle: [{ id: "evidence-90-days", expiresIn: "90 days" }],
    transform: {
      // SST empties buckets that it removes; evidence of production is not for that.
      bucket: (args) => {
        args.forceDestroy = !isProduction();
      },
      lifecycle: (args) => {
        args.rules = [
          {
            id: "evidence-90-days",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: 90 },
            // With versioning an expired object leaves its last version behind.
            noncurrentVersionExpiration: { noncurrentDays: 1 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ];
      },
    },
  });
}
