import { ledgerPorts } from "@nightshift/aws/ledger/index";
import type { Reach } from "@nightshift/aws/reach";
import { sqsProbeFrom } from "@nightshift/aws/sqs-queues";
import { secretsFrom } from "@nightshift/aws/ssm-secrets";
import { awsWorld, reachOf } from "@nightshift/aws/world";
import { createBrokers } from "@nightshift/brokers";
import { ms } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { slackPorts } from "@nightshift/slack";
import { pruningOf } from "@nightshift/vault/store/pruning";
import { shelfOf } from "@nightshift/vault/store/shelf";
import type { LabAccount } from "../account.ts";
import { labBrokerConnections } from "../celery/link.ts";
import { labConnections, labProbes, SLACK_PATIENCE } from "../connections.ts";
import { publishEmbedded } from "../services/cloudwatch/embedded.ts";
import { seededUuid } from "../time/chance.ts";
import type { LabWorld } from "../world/index.ts";
import { labStore, runnerEnvironment } from "./backups.ts";
import { brokerParameters, names, topicName } from "./names.ts";

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
    EVENTS_QUEUE_URL: lab.sqs.queue(names.events).url,
    GUARD_FUNCTION_ARN: arn("lambda", "function:guard:1"),
    WAR_ROOM_FUNCTION_ARN: arn("lambda", "function:war-room:1"),
    SCALER_FUNCTION_ARN: arn("lambda", "function:scaler"),
    NIGHT_FUNCTION_ARN: arn("lambda", "function:night:1"),
    SNAPSHOT_FUNCTION_ARN: arn("lambda", "function:snapshot:1"),
    DRILL_FUNCTION_ARN: arn("lambda", "function:drill:1"),
    RESTORE_FUNCTION_ARN: arn("lambda", "function:restore:1"),
    ...runnerEnvironment(world),
  };
  const own = reachOf({ connections });
  const { calls } = own;
  const ledger = ledgerPorts(() => connections.dynamodb(), { ledger: names.ledger, audit: names.audit }, calls);
  const slack = slackPorts({ token: async () => "lab", fetch: lab.slackFetch(caller), timeout: ms(SLACK_PATIENCE), slackApiUrl: SLACK_API });
  const print = (line: string): void => void publishEmbedded(world.store, line, lab.clock.now());
  const store = labStore(lab, caller);
  return {
    ...awsWorld({ connections, environment, ledger, probes: labProbes(lab, world), print }),
    ...slack,
    ...brokersOf(lab, world, { caller, own }),
    shelf: shelfOf(store),
    backupPruning: pruningOf(store),
  };
}

/** The brokers of the world, by the addresses that Parameter Store holds. */
function brokersOf(lab: LabAccount, world: LabWorld, { caller, own }: { readonly caller: string; readonly own: Reach }): Pick<World, "queues" | "workers"> {
  const secrets = secretsFrom(own);
  const random = lab.kernel.random(`ids of ${caller}`);
  return createBrokers({
    connections: labBrokerConnections({ lab, find: (host) => world.celery.find(host), caller }),
    secrets: { read: (name) => secrets.read(`${brokerParameters}${name}`) },
    clock: own.clock,
    newId: () => seededUuid(random),
    sqs: sqsProbeFrom(own),
  });
}
