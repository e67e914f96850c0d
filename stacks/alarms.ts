/// <reference path="../.sst/platform/config.d.ts" />
import { manifests } from "../functions/index.ts";
import { isDeployed, type There } from "./functions.ts";
import { logical, named } from "./names.ts";

type Name = $util.Input<string>;

interface Watched {
  /** `guard-errors`. */
  readonly what: string;
  /** What a person should know and do at three in the morning. */
  readonly says: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Record<string, Name>;
  readonly statistic: "Sum" | "Maximum";
  readonly above: number;
  /** Minutes in a row. */
  readonly minutes: number;
}

/**
 * The watcher watched: one alarm for each way in which Nightshift itself can fail, told by SNS, which does not depend on it.
 * Metric names: Lambda developer guide, "Types of metrics" and "Monitoring durable functions"; SQS developer guide,
 * "Available CloudWatch metrics" (read 2026-11-21).
 */
export function selfAlarms(watched: Watching) {
  const queues: readonly Watched[] = [
    {
      what: "dead-letters",
      says: "An event could not be read, delivered or handled, and waits in the dead-letter queue. Read its body and its error attribute.",
      ...queue(watched.deadLetters, "ApproximateNumberOfMessagesVisible"),
      above: 0,
      minutes: 1,
    },
    {
      what: "events-late",
      says: "Events have waited over two minutes for the dispatcher: Nightshift is late to every deployment. See the dispatcher's errors and throttles.",
      ...queue(watched.events, "ApproximateAgeOfOldestMessage"),
      above: 120,
      minutes: 3,
    },
    {
      what: "outbox-late",
      says: "Something has waited over two minutes to be told in Slack. See the notifier's errors; incidents: `npx nightshift incidents list`.",
      ...queue(watched.outbox.queue, "ApproximateAgeOfOldestMessage"),
      above: 120,
      minutes: 1,
    },
    {
      what: "outbox-dead-letters",
      says: "A channel could not be written to for half an hour. See the notifier's log; incidents: `npx nightshift incidents list`.",
      ...queue(watched.outbox.deadLetters, "ApproximateNumberOfMessagesVisible"),
      above: 0,
      minutes: 1,
    },
    {
      what: "commands-late",
      says: "A command from Slack has waited over a minute: people get no answers. Use `npx nightshift` instead; see the errors of commands.",
      ...queue(watched.commands, "ApproximateAgeOfOldestMessage"),
      above: 60,
      minutes: 2,
    },
  ];
  const deployed = manifests.filter((manifest) => isDeployed(manifest, watched.there));
  for (const one of [...queues, ...deployed.flatMap(ofFunction)]) ring(one, watched.topic);
  silence(deployed, watched.topic);
  heartbeat(watched);
}

interface Watching {
  readonly topic: sst.aws.SnsTopic;
  readonly events: sst.aws.Queue;
  readonly deadLetters: sst.aws.Queue;
  readonly outbox: { readonly queue: sst.aws.Queue; readonly deadLetters: sst.aws.Queue };
  readonly commands: sst.aws.Queue;
  readonly there: There;
  readonly heart: { readonly product: string; readonly zone: string };
}

/** The heartbeat takes the way of an alarm; where it does not arrive, an alarm would not either. Metric: packages/runtime/src/delivery/heartbeat.ts. */
function heartbeat({ topic, heart }: Watching): void {
  new aws.cloudwatch.MetricAlarm("HeartbeatMissingAlarm", {
    name: named("heartbeat-missing"),
    alarmDescription:
      "No heartbeat has come through for five minutes: alarms do not become incidents, or are not told. Look at the dispatcher, the relay and the notifier, in this order; until then watch CloudWatch yourself.",
    namespace: "Nightshift",
    metricName: "Heartbeat",
    dimensions: { Product: heart.product, Zone: heart.zone },
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    treatMissingData: "breaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  });
}

const queue = (of: sst.aws.Queue, metric: string) =>
  ({ namespace: "AWS/SQS", metric, dimensions: { QueueName: of.nodes.queue.name }, statistic: "Maximum" }) as const;

function ofFunction(manifest: (typeof manifests)[number]): readonly Watched[] {
  const { name } = manifest;
  const lambda = (metric: string, statistic: "Sum" | "Maximum" = "Sum") =>
    ({ namespace: "AWS/Lambda", metric, dimensions: { FunctionName: named(name) }, statistic }) as const;
  const all: Watched[] = [
    {
      what: `${name}-errors`,
      says: `The ${name} failed. Its log group says why; what it could not finish is tried again.`,
      ...lambda("Errors"),
      above: 0,
      minutes: 1,
    },
    { what: `${name}-throttles`, says: `Lambda held the ${name} back: the account's concurrency is used up.`, ...lambda("Throttles"), above: 0, minutes: 2 },
  ];
  if (manifest.kind === "durable") {
    all.push(
      {
        what: `${name}-executions-failed`,
        says: `An execution of the ${name} ended in failure: ${lost(name)}`,
        ...lambda("DurableExecutionFailed"),
        above: 0,
        minutes: 1,
      },
      {
        what: `${name}-executions-timed-out`,
        says: `An execution of the ${name} ran out of time: ${lost(name)}`,
        ...lambda("DurableExecutionTimedOut"),
        above: 0,
        minutes: 1,
      },
    );
  }
  if ("trigger" in manifest && manifest.trigger.kind === "ledger-stream") {
    all.push({
      what: `${name}-late`,
      says: `The ${name} is over a minute behind: messages are late.`,
      ...lambda("IteratorAge", "Maximum"),
      above: 60_000,
      minutes: 3,
    });
  }
  return all;
}

/** What nobody does any more when this durable function's execution is gone. */
const lost = (name: string): string =>
  name === "war-room" ? "nobody pages or sums up for that incident any more. Run it by hand." : "that deployment is no longer watched.";

function ring({ what, says, namespace, metric, dimensions, statistic, above, minutes }: Watched, topic: sst.aws.SnsTopic) {
  new aws.cloudwatch.MetricAlarm(`${logical(what)}Alarm`, {
    name: named(what),
    alarmDescription: says,
    namespace,
    metricName: metric,
    dimensions,
    statistic,
    period: 60,
    evaluationPeriods: minutes,
    datapointsToAlarm: minutes,
    comparisonOperator: "GreaterThanThreshold",
    threshold: above,
    // No failure is no datapoint.
    treatMissingData: "notBreaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  });
}

/** The one alarm that rings because nothing happens: after three missed runs of a schedule Nightshift is not there. */
function silence(deployed: readonly (typeof manifests)[number][], topic: sst.aws.SnsTopic) {
  for (const manifest of deployed) {
    if (!("trigger" in manifest) || manifest.trigger.kind !== "schedule") continue;
    const { name } = manifest;
    const every = minutesOf(manifest.trigger.expression);
    // Two days of a daily one are enough.
    const missed = every < DAY ? 3 : 2;
    new aws.cloudwatch.MetricAlarm(`${logical(name)}MissingAlarm`, {
      name: named(`${name}-missing`),
      alarmDescription: `The ${name} has not run for ${missed * every} minutes. Schedules, the deployment of Nightshift or the account's Lambda have stopped.`,
      namespace: "AWS/Lambda",
      metricName: "Invocations",
      dimensions: { FunctionName: named(name) },
      statistic: "Sum",
      period: every * 60,
      evaluationPeriods: missed,
      datapointsToAlarm: missed,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      treatMissingData: "breaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}

const DAY = 1_440;

function minutesOf(expression: string): number {
  if (/^cron\(\d+ \d+ \* \* \? \*\)$/.test(expression)) return DAY;
  const [, count = "", unit = ""] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression) ?? [];
  if (count === "") throw new Error(`the alarm for a missing schedule needs rate(N minutes), rate(N hours) or a time of every day, not ${expression}`);
  return Number(count) * (unit === "hour" ? 60 : 1);
}
