/// <reference path="../.sst/platform/config.d.ts" />
import type { Manifest } from "@nightshift/model";

type Value = $util.Input<string>;

/** What functions are told about the deployment; secrets by the name of their parameter only. */
export interface Given {
  readonly ledgerTable: Value;
  readonly auditTable: Value;
  readonly evidenceBucket: Value;
  readonly pageTopicArn: Value;
  readonly deadLetterQueueUrl: Value;
  readonly slackTokenParameter: Value;
  /** Qualified ARNs of the durable functions, by automation. */
  readonly durable: Readonly<Record<string, Value>>;
}

/** The variables of packages/aws/src/environment.ts that a function needs, from the ports it uses; no others. */
export function environmentOf({ uses }: Manifest, given: Given): Record<string, Value> {
  const if_ = (port: string, variables: Record<string, Value>): Record<string, Value> => (uses.includes(port) ? variables : {});
  return {
    STAGE: $app.stage,
    LEDGER_TABLE: given.ledgerTable,
    AUDIT_TABLE: given.auditTable,
    // Ours to bundle, ours to answer for: the SDK's own retries stay off (decision 17).
    AWS_MAX_ATTEMPTS: "1",
    ...if_("evidence", { EVIDENCE_BUCKET: given.evidenceBucket }),
    ...if_("pages", { PAGE_TOPIC_ARN: given.pageTopicArn }),
    ...if_("deadLetters", { DEAD_LETTER_QUEUE_URL: given.deadLetterQueueUrl }),
    ...if_("chat", { SLACK_TOKEN_PARAMETER: given.slackTokenParameter }),
    ...if_("starter", Object.fromEntries(Object.entries(given.durable).map(([name, arn]) => [`${name.toUpperCase().replaceAll("-", "_")}_FUNCTION_ARN`, arn]))),
  };
}
