import { createHash } from "node:crypto";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Outbox } from "@nightshift/ports";
import type { Reach } from "./reach.ts";

/**
 * The outbox: a FIFO queue with one message group a channel, so that one sender writes to a channel at a time. The same occasion
 * within five minutes is one message. Ids may have 128 of these characters: A–Z a–z 0–9 and punctuation; an occasion is hashed.
 * Sources: "SendMessage", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, and "Exactly-once
 * processing in Amazon SQS", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html, 2026-11-21.
 */
export const outboxFrom = ({ connections, calls }: Reach, queueUrl: string): Outbox => ({
  async nudge(channel, incident, occasion) {
    await calls.change({ operation: "sqs:SendMessage", on: queueUrl }, async () =>
      (await connections.sqs()).send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify({ channel, incident }),
          MessageGroupId: channel,
          MessageDeduplicationId: idOf(channel, incident, occasion),
        }),
      ),
    );
  },
});

/** Occasions of two incidents, or of two channels, are two; none of them is too long or holds what SQS refuses. */
const idOf = (...parts: readonly string[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("hex");
