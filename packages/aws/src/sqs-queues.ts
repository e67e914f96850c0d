import { GetQueueAttributesCommand, GetQueueUrlCommand, type QueueAttributeName } from "@aws-sdk/client-sqs";
import type { BrokerReading, EpochMs, Figure, ProbeRequest, QueueReading } from "@nightshift/model";
import { PortError } from "@nightshift/ports";
import type { Reach } from "./reach.ts";

/**
 * One bounded look at SQS queues that Celery works from: one call a queue (and one more the first time, for its URL). SQS counts
 * nothing that arrived or ended, tells no age here (that is a metric of CloudWatch's, a minute old), and has neither heartbeats nor
 * remote control: those are unknown, never zero.
 * Sources: "GetQueueAttributes", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html,
 * and kombu 5.6.2 `kombu/transport/SQS.py` (`supports_fanout` is false), 2026-11-21.
 */
export function sqsProbeFrom({ connections, calls, clock }: Reach): (request: ProbeRequest) => Promise<BrokerReading> {
  // URLs of queues by their names, for the life of the process: a queue keeps its URL.
  const urls = new Map<string, string>();
  const findUrl = async (name: string): Promise<string> => {
    const known = urls.get(name);
    if (known !== undefined) return known;
    const { QueueUrl } = await calls.read({ operation: "sqs:GetQueueUrl", on: name }, async () =>
      (await connections.sqs()).send(new GetQueueUrlCommand({ QueueName: name })),
    );
    if (QueueUrl === undefined) throw new PortError("invalid", "sqs:GetQueueUrl", name, "SQS answered without a URL");
    urls.set(name, QueueUrl);
    return QueueUrl;
  };
  const readCounts = async (name: string): Promise<Counts | undefined> => {
    try {
      const QueueUrl = await findUrl(name);
      const { Attributes = {} } = await calls.read({ operation: "sqs:GetQueueAttributes", on: name }, async () =>
        (await connections.sqs()).send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...attributes] })),
      );
      return { visible: count(Attributes[visible]), inFlight: count(Attributes[inFlight]), delayed: count(Attributes[delayed]) };
    } catch (error) {
      if (!(error instanceof PortError) || error.kind !== "not-found") throw error;
      urls.delete(name);
      return undefined;
    }
  };
  return async (request) => {
    const at = clock.now();
    if (request.broker.kind !== "sqs") return { kind: "unknown", at, broker: request.broker.kind, because: "this probe reads SQS alone" };
    const prefix = request.broker.queueNamePrefix;
    const named = request.queues.map((queue) => ({ queue, name: sqsName(`${prefix}${queue}`) }));
    try {
      const counted = await Promise.all(named.map(async ({ queue, name }) => ({ queue, name, counts: await readCounts(name) })));
      return {
        kind: "seen",
        at,
        broker: "sqs",
        queues: counted.map(({ queue, counts }) => readQueue(queue, counts, { at, acksLate: request.acksLate })),
        counters: undefined,
        workers: undefined,
        doubts: counted.flatMap(doubtsOf),
      };
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      return { kind: "unknown", at, broker: "sqs", because: error.message };
    }
  };
}

/**
 * The name that kombu gives a queue in SQS: dots become dashes, other punctuation underscores; `.fifo` stays.
 * Source: kombu 5.6.2 `kombu/transport/SQS.py` (`entity_name`, `CHARS_REPLACE_TABLE`), 2026-11-21.
 */
function sqsName(name: string): string {
  const [stem, end] = name.endsWith(".fifo") ? [name.slice(0, -".fifo".length), ".fifo"] : [name, ""];
  return `${stem.replaceAll(".", "-").replace(/[!-,/:-@[-^`{-~]/g, "_")}${end}`;
}

const visible = "ApproximateNumberOfMessages";
const inFlight = "ApproximateNumberOfMessagesNotVisible";
const delayed = "ApproximateNumberOfMessagesDelayed";
const attributes: readonly QueueAttributeName[] = [visible, inFlight, delayed];

interface Counts {
  readonly visible: number | undefined;
  readonly inFlight: number | undefined;
  readonly delayed: number | undefined;
}

const count = (text: string | undefined): number | undefined => (text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined);

/**
 * SQS calls its counts approximate, and consistent a minute after the last message was sent at the earliest.
 * Source: "GetQueueAttributes" as above, 2026-11-21.
 */
const approximately = 0.9;

function readQueue(queue: string, counts: Counts | undefined, { at, acksLate }: { readonly at: EpochMs; readonly acksLate: boolean }): QueueReading {
  const figure = (value: number | undefined, how: string): Figure | undefined =>
    value === undefined ? undefined : { value, at, confidence: approximately, how };
  const held = figure(counts?.inFlight, `${inFlight}, which SQS counts approximately; tasks that workers hold for later are among them`);
  return {
    queue,
    waiting: figure(counts?.visible, `${visible}, which SQS counts approximately`),
    ...(acksLate ? lateSplit(held) : { reserved: held, running: undefined }),
    dueLater: figure(counts?.delayed, `${delayed}, which SQS counts approximately; tasks that workers hold for later are not among them`),
    due: [],
    oldest: undefined,
    byPriority: [],
    arrived: undefined,
    finished: undefined,
  };
}

/** Nobody can say how much of what is in flight has begun: all of it counts as running, for it is work either way. */
const lateSplit = (held: Figure | undefined): Pick<QueueReading, "reserved" | "running"> => ({
  reserved: held && { ...held, value: 0, confidence: 0.5 },
  running: held && { ...held, confidence: 0.5 },
});

const doubtsOf = ({ queue, name, counts }: { readonly queue: string; readonly name: string; readonly counts: Counts | undefined }): readonly string[] => {
  if (counts === undefined) return [`SQS has no queue ${name} here: nobody created it yet, or name, prefix, account or region are others`];
  return counts.visible === undefined || counts.inFlight === undefined ? [`SQS did not count what ${queue} holds`] : [];
};
