import { days, seconds } from "@nightshift/model";
import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { type Fields, fields, list, maybeNumber, maybeText, notModelled, text } from "../input.ts";
import { LabQueue, type QueueSettings } from "./queue.ts";

/** SQS as far as Nightshift uses it. */
export class Sqs implements ServiceModule {
  readonly service = "sqs";
  readonly mutating = new Set(["SendMessage", "SendMessageBatch", "DeleteMessage", "DeleteMessageBatch", "ChangeMessageVisibility"]);
  readonly #kernel: Kernel;
  readonly #queues = new Map<string, LabQueue>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Creates a queue; its dead-letter queue is created first, if it names one that is not there. */
  create(settings: QueueSettings): LabQueue {
    const fifo = settings.fifo === true;
    const target = settings.deadLetter && (this.#queues.get(settings.deadLetter.queue) ?? this.create({ name: settings.deadLetter.queue, fifo }));
    // Source: "Using dead-letter queues in Amazon SQS", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html (2026-11-21).
    if (target !== undefined && (target.settings.fifo === true) !== fifo)
      throw new AwsFault("InvalidParameterValue", "The dead-letter queue of a FIFO queue is a FIFO queue, and that of a standard queue a standard one");
    const queue = new LabQueue(this.#kernel, settings, (message) => {
      this.#kernel.record({ kind: "world", what: "message-buried", about: settings.name, detail: { to: target?.settings.name } });
      const { attributes, group, messageId } = message;
      target?.send(message.body, { attributes, ...(group === undefined ? {} : { group, deduplication: messageId }) });
    });
    this.#queues.set(settings.name, queue);
    return queue;
  }

  /** Every queue, in the order they were made. */
  all(): readonly LabQueue[] {
    return [...this.#queues.values()];
  }

  /** A queue by name, URL or ARN. @throws AwsFault QueueDoesNotExist. */
  queue(name: string): LabQueue {
    const queue = this.#queues.get(name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(":")) + 1));
    // The JSON protocol names it so; source: "SendMessage", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (2026-11-21).
    if (!queue) throw new AwsFault("QueueDoesNotExist", `The queue ${name} does not exist`, 400);
    return queue;
  }

  handle(operation: string, input: unknown): unknown {
    const request = fields(input);
    switch (operation) {
      case "SendMessage":
        return this.#send(this.queue(text(request, "QueueUrl")), request);
      case "SendMessageBatch":
        return this.#sendBatch(request);
      case "ReceiveMessage":
        return this.#receive(request);
      case "DeleteMessage":
        this.queue(text(request, "QueueUrl")).delete(text(request, "ReceiptHandle"));
        return {};
      case "DeleteMessageBatch":
        return this.#deleteBatch(request);
      case "ChangeMessageVisibility":
        this.queue(text(request, "QueueUrl")).changeVisibility(text(request, "ReceiptHandle"), seconds(maybeNumber(request, "VisibilityTimeout") ?? 0));
        return {};
      case "GetQueueUrl":
        return { QueueUrl: this.queue(text(request, "QueueName")).url };
      case "GetQueueAttributes":
        return attributesOf(this.queue(text(request, "QueueUrl")), list(request, "AttributeNames"));
      default:
        throw notModelled("sqs", operation);
    }
  }

  #send(queue: LabQueue, request: Fields): { readonly MessageId: string; readonly MD5OfMessageBody: string } {
    const body = text(request, "MessageBody");
    const delay = maybeNumber(request, "DelaySeconds");
    const attributes = fields(request["MessageAttributes"]);
    const group = maybeText(request, "MessageGroupId");
    const deduplication = maybeText(request, "MessageDeduplicationId");
    const id = queue.send(body, {
      attributes,
      ...(delay === undefined ? {} : { delay: seconds(delay) }),
      ...(group === undefined ? {} : { group }),
      ...(deduplication === undefined ? {} : { deduplication }),
    });
    return { MessageId: id, MD5OfMessageBody: LabQueue.md5(body) };
  }

  #sendBatch(request: Fields): object {
    const queue = this.queue(text(request, "QueueUrl"));
    const entries = list(request, "Entries").map(fields);
    if (entries.length === 0) throw new AwsFault("EmptyBatchRequest", "The batch has no entries");
    if (entries.length > 10) throw new AwsFault("TooManyEntriesInBatchRequest", "A batch takes at most 10 entries");
    return { Successful: entries.map((entry) => ({ Id: text(entry, "Id"), ...this.#send(queue, entry) })), Failed: [] };
  }

  #deleteBatch(request: Fields): object {
    const queue = this.queue(text(request, "QueueUrl"));
    const entries = list(request, "Entries").map(fields);
    for (const entry of entries) queue.delete(text(entry, "ReceiptHandle"));
    return { Successful: entries.map((entry) => ({ Id: text(entry, "Id") })), Failed: [] };
  }

  #receive(request: Fields): object {
    const hide = maybeNumber(request, "VisibilityTimeout");
    const messages = this.queue(text(request, "QueueUrl")).receive(
      Math.min(10, maybeNumber(request, "MaxNumberOfMessages") ?? 1),
      hide === undefined ? {} : { hide: seconds(hide) },
    );
    return {
      Messages: messages.map((message) => ({
        MessageId: message.messageId,
        ReceiptHandle: message.receiptHandle,
        Body: message.body,
        MD5OfBody: LabQueue.md5(message.body),
        MessageAttributes: message.attributes,
        Attributes: {
          ApproximateReceiveCount: String(message.receiveCount),
          SentTimestamp: String(message.sentAt),
          ...(message.group === undefined ? {} : { MessageGroupId: message.group, MessageDeduplicationId: message.deduplication }),
        },
      })),
    };
  }
}

/** The attributes that were asked for; none by default. Source: "GetQueueAttributes", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html (2026-11-21). */
function attributesOf(queue: LabQueue, asked: readonly unknown[]): object {
  const { visible, inFlight, delayed } = queue.depth;
  const { visibility, delay, retention, fifo } = queue.settings;
  const seconds_ = (length: number): string => String(Math.round(length / 1_000));
  const all = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: seconds_(visibility ?? seconds(30)),
    DelaySeconds: seconds_(delay ?? 0),
    MessageRetentionPeriod: seconds_(retention ?? days(4)),
    ...(fifo === true ? { FifoQueue: "true" } : {}),
  };
  const told = Object.entries(all).filter(([name]) => asked.includes("All") || asked.includes(name));
  return told.length === 0 ? {} : { Attributes: Object.fromEntries(told) };
}
