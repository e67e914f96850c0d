import { ledgerPorts } from "@nightshift/aws/ledger/index";
import { awsWorld, reachOf } from "@nightshift/aws/world";
import type { Resolved } from "@nightshift/config";
import { type Manifest, minutes, ms, seconds } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { slackChat } from "@nightshift/slack";
import { dispatch, type QueueBatch } from "../../../functions/dispatcher/entry.ts";
import { manifest as dispatcher } from "../../../functions/dispatcher/manifest.ts";
import type { guard as automation } from "../../../functions/guard/automation.ts";
import { guardHandler } from "../../../functions/guard/entry.ts";
import { manifest as guard } from "../../../functions/guard/manifest.ts";
import { manifests } from "../../../functions/index.ts";
import { notifyBatch, type StreamBatch } from "../../../functions/notifier/entry.ts";
import { manifest as notifier } from "../../../functions/notifier/manifest.ts";
import { sweep } from "../../../functions/sweep/entry.ts";
import { manifest as sweeper } from "../../../functions/sweep/manifest.ts";
import type { LabAccount } from "./account.ts";
import { labConnections, labProbes, SLACK_PATIENCE } from "./connections.ts";
import type { HandlerSetting, LambdaHandler } from "./services/lambda/function.ts";
import { mapQueue, visibilityFor } from "./services/lambda/queue-mapping.ts";
import { onSchedule } from "./services/lambda/schedule.ts";
import { mapStream } from "./services/lambda/stream-mapping.ts";
import type { LabWorld } from "./world/index.ts";

/** Names of what `sst deploy` would make, as the lab makes it. */
export const names = {
  ledger: "nightshift-ledger",
  audit: "nightshift-audit",
  evidence: "nightshift-evidence",
  events: "nightshift-events",
  deadLetters: "nightshift-dead-letters",
  pages: "nightshift-pages",
} as const;

/** Nightshift, deployed into the simulated account from the same manifests as the stacks. */
export interface Installed {
  /** The world as a person at the command line reaches it. */
  readonly asPerson: (name: string) => World;
}

/** Deploys every function of `functions/index.ts`, its queue, tables, rules and schedule. */
export function installNightshift(
  lab: LabAccount,
  world: LabWorld,
  { config, plays }: { readonly config: Resolved; readonly plays?: typeof automation | undefined },
): Installed {
  for (const module of world.modules) lab.register(module);
  lab.dynamodb.create({ name: names.audit, partition: "pk", sort: "sk" });
  const ledger = lab.dynamodb.create({ name: names.ledger, partition: "pk", sort: "sk" });
  lab.s3.create(names.evidence);
  lab.sns.create(names.pages);
  const events = lab.sqs.create({
    name: names.events,
    visibility: visibilityFor(seconds(dispatcher.timeoutSeconds)),
    deadLetter: { queue: names.deadLetters, maxReceiveCount: 5 },
  });

  const reach = (caller: string): World => worldFor(lab, world, caller);
  const { groups, channels } = config;
  const channel = channels.incidents;
  const deploy = (manifest: Manifest, handler: (setting: HandlerSetting) => LambdaHandler): void => {
    const { name, kind, timeoutSeconds, executionTimeoutMinutes, memoryMb } = manifest;
    lab.lambda.register({
      name,
      kind,
      handler,
      timeout: seconds(timeoutSeconds),
      memoryMb,
      ...(executionTimeoutMinutes === undefined ? {} : { executionTimeout: minutes(executionTimeoutMinutes) }),
    });
  };
  // Events arrive as Lambda hands them over: the trigger, not a type, says which shape that is.
  deploy(
    dispatcher,
    () => (batch) =>
      dispatch(batch as QueueBatch, { world: reach("dispatcher"), groups, own: { account: lab.kernel.accountId, region: lab.kernel.region }, log: () => {} }),
  );
  deploy(notifier, () => (batch) => notifyBatch(batch as StreamBatch, { world: reach("notifier"), channel }));
  deploy(sweeper, () => () => sweep({ world: reach("sweep"), groups, channel }));
  deploy(
    guard,
    ({ durable }) => guardHandler({ world: () => reach("guard"), groups, engine: durable, ...(plays === undefined ? {} : { plays }) }) as LambdaHandler,
  );

  mapQueue(lab.kernel, lab.lambda, {
    queue: events,
    functionName: dispatcher.name,
    batch: dispatcher.trigger.batch,
    window: seconds(dispatcher.trigger.windowSeconds),
  });
  mapStream(lab.kernel, lab.lambda, { table: ledger, functionName: notifier.name, keyPrefixes: notifier.trigger.keyPrefixes });
  onSchedule(lab.kernel, { name: sweeper.name, expression: sweeper.trigger.expression }, (event) => lab.lambda.invokeLater(sweeper.name, event));
  lab.bus.rules(manifests, (event) => void events.send(JSON.stringify(event)));
  return { asPerson: reach };
}

/** All ports over the account, as one caller. */
function worldFor(lab: LabAccount, world: LabWorld, caller: string): World {
  const connections = labConnections(lab, caller);
  const { region, accountId } = lab.kernel;
  const environment = {
    AWS_REGION: region,
    STAGE: "lab",
    LEDGER_TABLE: names.ledger,
    AUDIT_TABLE: names.audit,
    EVIDENCE_BUCKET: names.evidence,
    PAGE_TOPIC_ARN: `arn:aws:sns:${region}:${accountId}:${names.pages}`,
    DEAD_LETTER_QUEUE_URL: lab.sqs.queue(names.deadLetters).url,
    GUARD_FUNCTION_ARN: `arn:aws:lambda:${region}:${accountId}:function:guard:1`,
    SLACK_TOKEN_PARAMETER: "/nightshift/lab/slack-token",
  };
  const { calls } = reachOf({ connections });
  const ledger = ledgerPorts(() => connections.dynamodb(), { ledger: names.ledger, audit: names.audit }, calls);
  const chat = slackChat({ token: async () => "lab", fetch: lab.slackFetch(caller), timeout: ms(SLACK_PATIENCE), slackApiUrl: "https://slack.lab/api/" });
  return { ...awsWorld({ connections, environment, ledger, probes: labProbes(lab, world) }), chat };
}
