import { type Ms, ms, seconds } from "@nightshift/model";
import type { Kernel } from "../../kernel.ts";
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
}

/**
 * Feeds a function from a queue: up to `batch` messages, gathered for at most `window`; what the function did not name as
 * failed is deleted, the rest comes back after the visibility timeout, and in the end goes to the dead-letter queue.
 * Source: "Using Lambda with Amazon SQS", https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, and
 * "Implementing partial batch responses", https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (2026-11-21).
 */
export function mapQueue(kernel: Kernel, lambda: Lambda, mapping: QueueMapping): void {
  let gathering = false;
  let running = 0;

  const gather = (): void => {
    if (gathering || running >= (mapping.concurrency ?? 5)) return;
    gathering = true;
    // Even without a window, the poller needs a moment to find a message.
    kernel.clock.in(ms(Math.max(mapping.window, 20)), () => {
      gathering = false;
      take();
    });
  };

  const take = (): void => {
    const messages = mapping.queue.receive(mapping.batch);
    if (messages.length === 0) return;
    running += 1;
    void lambda.run(mapping.functionName, { Records: messages.map((message) => recordOf(kernel, mapping.queue, message)) }).then((result) => {
      running -= 1;
      const failed = failures(result, messages);
      for (const message of messages) if (!failed.has(message.messageId)) mapping.queue.delete(message.receiptHandle);
      if (mapping.queue.depth.visible > 0) gather();
    });
    if (mapping.queue.depth.visible > 0) gather();
  };

  mapping.queue.onVisible(gather);
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
