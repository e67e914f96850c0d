/// <reference path="../.sst/platform/config.d.ts" />
import { named } from "./names.ts";

/** The longest that SQS keeps a message: fourteen days (SQS developer guide, "Message quotas", read 2026-11-21). */
export const longestRetentionSeconds = 1_209_600;

/** Nobody reads or writes a queue without encryption. */
export const neverInPlainText = (queue: sst.aws.Queue) => ({
  sid: "NeverInPlainText",
  effect: "Deny",
  actions: ["sqs:SendMessage", "sqs:ReceiveMessage"],
  resources: [queue.arn],
  principals: [{ type: "*", identifiers: ["*"] }],
  conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
});

/**
 * What is to be told, in order, one message group a channel: AWS gives a group to one sender at a time. Messages only say
 * "look at this incident", so a dead one loses no word; it says that a channel could not be written to for half an hour.
 */
export function outbox() {
  const deadLetters = new sst.aws.Queue("OutboxDeadLetters", {
    fifo: true,
    transform: { queue: { name: named("outbox-dead-letters.fifo"), messageRetentionSeconds: longestRetentionSeconds } },
  });
  const queue = new sst.aws.Queue("Outbox", {
    // The deduplication id comes with each message: the same text is sent again for the next change.
    fifo: { contentBasedDeduplication: false },
    // Not six times the notifier's 20 s: while a message is invisible its channel waits, and a sender that was killed should
    // be followed within half a minute. A throttled batch costs tries instead, of which there are many.
    visibilityTimeout: "30 seconds",
    dlq: { queue: deadLetters.arn, retry: 60 },
    transform: { queue: { name: named("outbox.fifo") } },
  });
  secure(deadLetters, "OutboxDeadLettersPolicy");
  secure(queue, "OutboxPolicy");
  return { queue, deadLetters };
}

/** What people asked for in Slack. Somebody waits for each: a crash is followed after two minutes, twice the function's timeout. */
export function commands(deadLetters: sst.aws.Queue): sst.aws.Queue {
  const queue = new sst.aws.Queue("CommandsInbox", {
    visibilityTimeout: "2 minutes",
    dlq: { queue: deadLetters.arn, retry: 5 },
    transform: { queue: { name: named("commands") } },
  });
  secure(queue, "CommandsPolicy");
  return queue;
}

function secure(queue: sst.aws.Queue, name: string) {
  const policy = aws.iam.getPolicyDocumentOutput({ statements: [neverInPlainText(queue)] });
  new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy: policy.json });
}
