import { type Ms, ms, seconds } from "@nightshift/model";
import { AwsFault, type Kernel } from "../../kernel.ts";
import { fields, list, maybeText } from "../input.ts";
import { LabQueue, type Received } from "../sqs/queue.ts";
import type { InvocationResult } from "./function.ts";
import type { Lambda } from "./module.ts";

/** How a queue feeds a function. */
export interface QueueMapping {
  readonly queue: LabQueue;
  readonly functionName: string;
  readonly batch: number;
  readonly window: Ms;
  /** Invocations at once. */
  readonly concurrency?: number;
  /** A burst is gathered by so many pollers at once, each with a batch of its own; absent: one, which makes the largest batches. */
  readonly pollers?: number;
}

/** Even without a window, the poller needs a moment to find a message. */
const POLL: Ms = ms(20);
/** A synchronous invocation's payload is 6 MB at most; of this much a message takes for what is around its body. Source: "Lambda quotas", https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (2026-11-21). */
const PAYLOAD = 6 * 1_024 * 1_024;
const AROUND_A_BODY = 700;
/** One receive brings ten messages: fewer than that are one poller's. */
const RECEIVE = 10;

/**
 * Feeds a function from a queue: up to `batch` messages, gathered for at most `window` or until the batch is full; what the function did not
 * name as failed is deleted, the rest comes back after the visibility timeout, and in the end goes to the dead-letter queue. A FIFO queue's
 * batches are of one group each, one at a time for a group, without a window; what failed holds its group back until it is visible again.
 * Sources: "Using Lambda with Amazon SQS", https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html; "Lambda parameters for Amazon SQS
 * event source mappings", https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html; "Implementing partial batch responses",
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (2026-11-21).
 * @throws AwsFault for a mapping that AWS refuses.
 */
export function mapQueue(kernel: Kernel, lambda: Lambda, mapping: QueueMapping): void {
  const { queue, batch, window } = mapping;
  const fifo = queue.settings.fifo === true;
  checkMapping(mapping);
  // The gathering that runs, if one does; only its own timer ends it.
  let gathering: { readonly full: boolean } | undefined;
  let seen = 0;
  let running = 0;
  const mostAtOnce = mapping.concurrency ?? 5;

  const gather = (): void => {
    if (running >= mostAtOnce || gathering?.full === true) return;
    seen += 1;
    if (gathering !== undefined && seen < batch) return;
    // Several may have been there when the first was seen: what counts is how many wait.
    seen = queue.receivable;
    // A full batch does not wait for its window.
    const mine = { full: seen >= batch };
    if (gathering !== undefined && !mine.full) return;
    gathering = mine;
    kernel.clock.in(mine.full ? POLL : ms(Math.max(window, POLL)), () => {
      if (gathering !== mine) return;
      gathering = undefined;
      take();
    });
  };

  const take = (): void => {
    const share = Math.max(RECEIVE, Math.ceil(queue.receivable / (mapping.pollers ?? 1)));
    for (let poller = 0; poller < (fifo ? mostAtOnce : (mapping.pollers ?? 1)) && running < mostAtOnce; poller++) {
      const most = Math.min(batch, share);
      const messages = queue.receive(most, { oneGroup: fifo, bytes: PAYLOAD - most * AROUND_A_BODY });
      if (messages.length === 0) return;
      invoke(messages);
    }
    if (queue.receivable > 0) gather();
  };

  const invoke = (messages: readonly Received[]): void => {
    running += 1;
    void lambda.run(mapping.functionName, { Records: messages.map((message) => recordOf(kernel, queue, message)) }).then((result) => {
      running -= 1;
      const failed = failures(result, messages);
      for (const message of messages) if (!failed.has(message.messageId)) queue.delete(message.receiptHandle);
      if (queue.receivable > 0) gather();
    });
  };

  queue.onVisible(gather);
}

function checkMapping({ queue, batch, window }: QueueMapping): void {
  const refuse = (because: string): never => {
    throw new AwsFault("InvalidParameterValueException", because);
  };
  if (queue.settings.fifo === true && (batch > 10 || window > 0)) refuse("A FIFO queue's batches have at most 10 messages and no batching window");
  if (batch > 10_000) refuse("A batch has at most 10,000 messages");
  if (batch > 10 && window < 1_000) refuse("A batch of more than 10 messages needs a batching window of at least 1 s");
}

/** A message as the function sees it. */
const recordOf = (kernel: Kernel, queue: LabQueue, message: Received): object => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: kernel.accountId,
    ApproximateFirstReceiveTimestamp: String(kernel.clock.now()),
    ...(message.group === undefined ? {} : { MessageGroupId: message.group, MessageDeduplicationId: message.deduplication }),
  },
  messageAttributes: message.attributes,
  md5OfBody: LabQueue.md5(message.body),
  eventSource: "aws:sqs",
  eventSourceARN: queue.arn,
  awsRegion: kernel.region,
});

// An answer that names an unknown or empty message id fails the whole batch, as a throw does.
function failures(result: InvocationResult, messages: readonly Received[]): ReadonlySet<string> {
  const all = new Set(messages.map((message) => message.messageId));
  if (!result.ok) return all;
  const named = list(fields(result.value), "batchItemFailures").map((failure) => maybeText(fields(failure), "itemIdentifier"));
  const known = named.filter((id) => id !== undefined && all.has(id));
  return known.length === named.length ? new Set(known.filter((id) => id !== undefined)) : all;
}

/** AWS asks that a queue's visibility timeout be at least six times the function's timeout. Source: "Using Lambda with Amazon SQS" (as above). */
export const visibilityFor = (timeout: Ms, window: Ms = seconds(0)): Ms => ms(6 * timeout + window);
