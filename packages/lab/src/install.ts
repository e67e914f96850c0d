import type { Resolved } from "@nightshift/config";
import { seconds } from "@nightshift/model";
import type { World } from "@nightshift/ports";
import { manifest as commands } from "../../../functions/commands/manifest.ts";
import { manifest as dispatcher } from "../../../functions/dispatcher/manifest.ts";
import { manifests } from "../../../functions/index.ts";
import { manifest as ingress } from "../../../functions/ingress/manifest.ts";
import { manifest as notifier } from "../../../functions/notifier/manifest.ts";
import { manifest as relay } from "../../../functions/relay/manifest.ts";
import { manifest as scaler } from "../../../functions/scaler/manifest.ts";
import { manifest as sweeper } from "../../../functions/sweep/manifest.ts";
import type { LabAccount } from "./account.ts";
import { scheduleBackups } from "./install/backup-functions.ts";
import { installBackups } from "./install/backups.ts";
import { SIGNING_SECRET } from "./install/door.ts";
import { deployFunctions, type Deploying } from "./install/functions.ts";
import { brokerParameters, names, severities, topicName } from "./install/names.ts";
import { worldFor } from "./install/reach.ts";
import type { LabSlackDoor, SlackHttpAnswer } from "./serve/door.ts";
import { mapQueue, visibilityFor } from "./services/lambda/queue-mapping.ts";
import { onSchedule } from "./services/lambda/schedule.ts";
import { mapStream } from "./services/lambda/stream-mapping.ts";
import { BROKER_HOST } from "./world/celery.ts";
import type { LabWorld } from "./world/index.ts";

export { names } from "./install/names.ts";

/** Nightshift, deployed into the simulated account from the same manifests as the stacks. */
export interface Installed {
  /** The world as a person at the command line reaches it. */
  readonly asPerson: (name: string) => World;
  /** The address that the lab's Slack sends requests to. */
  readonly slackDoor: LabSlackDoor;
}

/** Deploys every function of `functions/index.ts`, its queues, tables, rules and schedules. */
export function installNightshift(lab: LabAccount, world: LabWorld, { config, plays, scales }: Pick<Deploying, "config" | "plays" | "scales">): Installed {
  for (const module of world.modules) lab.register(module);
  lab.dynamodb.create({ name: names.audit, partition: "pk", sort: "sk" });
  const ledger = lab.dynamodb.create({ name: names.ledger, partition: "pk", sort: "sk" });
  lab.s3.create(names.evidence);
  for (const severity of severities) lab.sns.create(topicName(severity));
  installBackups(lab, world, config);
  const queues = createQueues(lab);
  const reach = (caller: string): World => worldFor(lab, world, caller);
  storeSecrets(lab, config);
  deployFunctions({ lab, world, config, reach, plays, scales });

  const { kernel, lambda } = lab;
  const fed = (queue: (typeof queues)[keyof typeof queues], { name, trigger }: { name: string; trigger: { batch: number; windowSeconds: number } }) =>
    mapQueue(kernel, lambda, { queue, functionName: name, batch: trigger.batch, window: seconds(trigger.windowSeconds) });
  fed(queues.events, dispatcher);
  fed(queues.outbox, notifier);
  fed(queues.commands, commands);
  mapStream(kernel, lambda, { table: ledger, functionName: relay.name, keyPrefixes: relay.trigger.keyPrefixes });
  // A story of many days may leave out what rings every minute.
  const rings = (name: string): boolean => !world.databases.silent.has(name);
  onSchedule(kernel, { name: sweeper.name, expression: sweeper.trigger.expression }, (event) => {
    if (rings(sweeper.name)) lambda.invokeLater(sweeper.name, event);
  });
  onSchedule(kernel, { name: scaler.name, expression: scaler.trigger.expression }, (event) => {
    if (rings(scaler.name)) lambda.invokeLater(scaler.name, event);
  });
  onSchedule(kernel, { name: "nightshift-heartbeat", expression: "rate(1 minute)" }, (event) => {
    if (rings("heartbeat")) queues.events.send(JSON.stringify(event));
  });
  scheduleBackups({ lab, world, config }, (event) => void queues.events.send(JSON.stringify(event)));
  lab.bus.rules(manifests, (event) => void queues.events.send(JSON.stringify(event)));
  return { asPerson: reach, slackDoor: doorOf(lab) };
}

/** Every broker's address, where the stack puts it: all of them are the world's one Redis unless somebody stored another. */
function storeSecrets(lab: LabAccount, { workers }: Resolved): void {
  for (const { broker } of workers) if (broker.kind === "redis") lab.ssm.put(`${brokerParameters}${broker.secret}`, `redis://${BROKER_HOST}:6379/0`);
}

function createQueues(lab: LabAccount) {
  const timeout = (manifest: { readonly timeoutSeconds: number }) => seconds(manifest.timeoutSeconds);
  return {
    events: lab.sqs.create({
      name: names.events,
      // As stacks/inbox.ts has it.
      visibility: seconds(90),
      deadLetter: { queue: names.deadLetters, maxReceiveCount: 20 },
    }),
    // A killed sender's message comes back as soon as its invocation is surely over.
    outbox: lab.sqs.create({ name: names.outbox, fifo: true, visibility: seconds(30), deadLetter: { queue: names.deadOutbox, maxReceiveCount: 20 } }),
    commands: lab.sqs.create({
      name: names.commands,
      visibility: visibilityFor(timeout(commands)),
      deadLetter: { queue: names.deadLetters, maxReceiveCount: 5 },
    }),
  };
}

/** The ingress function's address: an answer is what it returned, a failure is Lambda's own 502. */
const doorOf = (lab: LabAccount): LabSlackDoor => ({
  signingSecret: SIGNING_SECRET,
  async deliver({ path, headers, body }): Promise<SlackHttpAnswer> {
    const event = { rawPath: path, headers, body: Buffer.from(body, "utf8").toString("base64"), isBase64Encoded: true };
    const result = await lab.lambda.run(ingress.name, event);
    if (!result.ok) return { status: 502, headers: {}, body: '{"Message":"Internal Server Error"}' };
    return answerOf(result.value);
  },
});

function answerOf(value: unknown): SlackHttpAnswer {
  const field = (name: string): unknown => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined);
  const headers = field("headers");
  const body = field("body");
  const given = typeof headers === "object" && headers !== null ? Object.entries(headers).map(([name, text]) => [name, String(text)]) : [];
  return { status: Number(field("statusCode") ?? 200), headers: Object.fromEntries(given), body: typeof body === "string" ? body : "" };
}
