import { randomUUID } from "node:crypto";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { realConnections } from "@nightshift/aws/connect";
import { sqsProbeFrom } from "@nightshift/aws/sqs-queues";
import { reachOf } from "@nightshift/aws/world";
import { describe, it } from "vitest";
import { type SqsStage, sqsQueuesContract } from "./sqs-queues.contract.ts";

if (process.env["AWS_ENDPOINT_URL"] === undefined) {
  describe("SQS queues on moto", () => {
    it.skip("need AWS_ENDPOINT_URL; `npm run test:moto` starts moto and sets it", () => undefined);
  });
} else sqsQueuesContract("moto", motoQueue);

/** A queue as kombu names one, made through the real client. */
async function motoQueue(): Promise<SqsStage> {
  const region = "eu-central-1";
  const sqs = new SQSClient({ region });
  const [prefix, stem] = ["shop-", randomUUID().slice(0, 8)];
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}celery-${stem}`, Attributes: { VisibilityTimeout: "1800" } }));
  return {
    probe: sqsProbeFrom(reachOf({ connections: realConnections({ region }) })),
    // Celery's dot is SQS's dash.
    queue: `celery.${stem}`,
    prefix,
    send: async (tasks, delay = 0) => {
      const Entries = Array.from({ length: tasks }, (_, n) => ({ Id: String(n), MessageBody: `task ${n}`, DelaySeconds: delay }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    },
    take: async (tasks) => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: tasks }));
      return Messages.map((one) => one.ReceiptHandle ?? "");
    },
    finish: async (ReceiptHandle) => void (await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))),
  };
}
