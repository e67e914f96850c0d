import type { SlackRequest } from "@nightshift/model";
import { callAws, type Reach } from "./sign-call.ts";

/** Puts a request into the commands queue, as JSON. */
export const queueOver =
  (reach: Reach, queueUrl: string) =>
  async (request: SlackRequest): Promise<void> => {
    await callAws(reach, "sqs", "SendMessage", { QueueUrl: queueUrl, MessageBody: sendable(JSON.stringify(request)) });
  };

/** SQS replaces what XML cannot hold; we do it first. JSON has escaped control characters and halves of pairs already. Source: "SendMessage", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, read 2026-11-21. */
const sendable = (text: string): string => text.replace(/[\ufffe\uffff]/g, "\ufffd");
