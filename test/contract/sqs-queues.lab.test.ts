import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { reachOf } from "@nightshift/aws/world";
import { sqsProbeFrom } from "@nightshift/aws/sqs-queues";
import { createAccount } from "@nightshift/lab";
import { labConnections, loadAdapters } from "@nightshift/lab/connections";
import { minutes } from "@nightshift/model";
import { beforeAll } from "vitest";
import { type SqsStage, sqsQueuesContract } from "./sqs-queues.contract.ts";

beforeAll(loadAdapters);
sqsQueuesContract("the lab", labQueue);

/** The same queue in the lab's account, reached through the client that production's probe is given there. */
async function labQueue(): Promise<SqsStage> {
  const account = createAccount({ seed: 7 });
  const { url: QueueUrl } = account.sqs.create({ name: "shop-celery-1", visibility: minutes(30) });
  const connections = labConnections(account, "contract");
  const sqs = await connections.sqs();
  const probe = sqsProbeFrom(reachOf({ connections, clock: account.kernel.clock }));
  return {
    probe: (request) => account.run(() => probe(request)),
    queue: "celery.1",
    prefix: "shop-",
    send: async (tasks, delay = 0) => {
      const Entries = Array.from({ length: tasks }, (_, n) => ({ Id: String(n), MessageBody: `task ${n}`, DelaySeconds: delay }));
      await account.run(() => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
    },
    take: async (tasks) => {
      const { Messages = [] } = await account.run(() => sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: tasks })));
      return Messages.map((one) => one.ReceiptHandle ?? "");
    },
    finish: async (ReceiptHandle) => void (await account.run(() => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })))),
  };
}
