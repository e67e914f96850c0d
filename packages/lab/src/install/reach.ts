import { ledgerPorts } from "@nightshift/aws/ledger/index";
import { awsWorld, reachOf } from "@nightshift/aws/world";
import { ms } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { slackPorts } from "@nightshift/slack";
import type { LabAccount } from "../account.ts";
import { labConnections, labProbes, SLACK_PATIENCE } from "../connections.ts";
import type { LabWorld } from "../world/index.ts";
import { names, topicName } from "./names.ts";

/** Where the lab's Slack answers, for whoever asks by address. */
export const SLACK_API = "https://slack.lab/api/";

/** All ports over the account, as one caller. */
export function worldFor(lab: LabAccount, world: LabWorld, caller: string): World {
  const connections = labConnections(lab, caller);
  const { region, accountId } = lab.kernel;
  const arn = (service: string, what: string) => `arn:aws:${service}:${region}:${accountId}:${what}`;
  const environment = {
    AWS_REGION: region,
    STAGE: "lab",
    LEDGER_TABLE: names.ledger,
    AUDIT_TABLE: names.audit,
    EVIDENCE_BUCKET: names.evidence,
    PAGE_P1_TOPIC_ARN: arn("sns", topicName("P1")),
    PAGE_P2_TOPIC_ARN: arn("sns", topicName("P2")),
    PAGE_P3_TOPIC_ARN: arn("sns", topicName("P3")),
    PAGE_P4_TOPIC_ARN: arn("sns", topicName("P4")),
    DEAD_LETTER_QUEUE_URL: lab.sqs.queue(names.deadLetters).url,
    OUTBOX_QUEUE_URL: lab.sqs.queue(names.outbox).url,
    GUARD_FUNCTION_ARN: arn("lambda", "function:guard:1"),
    WAR_ROOM_FUNCTION_ARN: arn("lambda", "function:war-room:1"),
  };
  const { calls } = reachOf({ connections });
  const ledger = ledgerPorts(() => connections.dynamodb(), { ledger: names.ledger, audit: names.audit }, calls);
  const slack = slackPorts({ token: async () => "lab", fetch: lab.slackFetch(caller), timeout: ms(SLACK_PATIENCE), slackApiUrl: SLACK_API });
  return { ...awsWorld({ connections, environment, ledger, probes: labProbes(lab, world) }), ...slack };
}
