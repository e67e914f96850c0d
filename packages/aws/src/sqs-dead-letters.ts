import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { DeadLetters } from "@nightshift/ports";
import type { Reach } from "./reach.ts";

// Below SQS's limit of 1 MiB for text and attributes together; an EventBridge event has at most 256 KiB.
const longestBody = 900_000;
const longestError = 4_000;

/**
 * The dead-letter queue: the body as it came, the error beside it. Characters that SQS refuses become U+FFFD.
 * Source: "SendMessage", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, 2026-11-21.
 */
export const deadLettersFrom = ({ connections, calls }: Reach, queueUrl: string): DeadLetters => ({
  async send(body, error) {
    await calls.change({ operation: "sqs:SendMessage", on: queueUrl }, async () =>
      (await connections.sqs()).send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: sendable(body).slice(0, longestBody) || "(an empty body)",
          MessageAttributes: { error: { DataType: "String", StringValue: sendable(error).slice(0, longestError) || "(no error text)" } },
        }),
      ),
    );
  },
});

const sendable = (text: string): string => text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
