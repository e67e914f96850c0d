import { createHash } from "node:crypto";
import { days, type Ms, minutes, ms, seconds } from "@nightshift/model";
import { AwsFault, type Kernel } from "../../kernel.ts";

/** How a queue is set up. */
export interface QueueSettings {
  readonly name: string;
  /** How long a received message stays hidden. AWS's default: 30 s. */
  readonly visibility?: Ms;
  readonly delay?: Ms;
  readonly retention?: Ms;
  readonly deadLetter?: { readonly queue: string; readonly maxReceiveCount: number };
  /** First in, first out within each message group; the name ends in `.fifo`. */
  readonly fifo?: boolean;
}

/** How a message is sent. */
export interface Sending {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly delay?: Ms;
  readonly group?: string;
  readonly deduplication?: string;
}

/** How messages are asked for. */
export interface Asking {
  /** How long they stay hidden; absent: the queue's own. */
  readonly hide?: Ms;
  /** Only messages of one group, whichever is first. */
  readonly oneGroup?: boolean;
  /** Bytes of bodies, at most; the first message comes in any case. */
  readonly bytes?: number;
}

/** One message as a consumer receives it. */
export interface Received {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly receiveCount: number;
  readonly sentAt: number;
  readonly group: string | undefined;
  readonly deduplication: string | undefined;
}

interface Held {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly sentAt: number;
  readonly group: string | undefined;
  readonly deduplication: string | undefined;
  visibleAt: number;
  receiveCount: number;
  receiptHandle: string;
}

/** A deduplication id is remembered so long, also after its message was deleted. Source: "Amazon SQS FIFO queue key terms", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-key-terms.html (2026-11-21). */
const DEDUPLICATION = minutes(5);

/** Source: "Amazon SQS message timers", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-timers.html (2026-11-21). */
const LONGEST_DELAY = minutes(15);

/**
 * A queue: at least once, hidden while in flight, moved to its dead-letter queue at a receive after `maxReceiveCount` were
 * in vain. A FIFO queue besides: one with a known deduplication id is accepted and not delivered; while a message of a group
 * is in flight, none of that group is received.
 * Sources: "Amazon SQS visibility timeout", "Using dead-letter queues in Amazon SQS" and "Amazon SQS FIFO queue key terms",
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/ (2026-11-21).
 */
export class LabQueue {
  readonly settings: QueueSettings;
  readonly #kernel: Kernel;
  readonly #random: () => number;
  readonly #bury: (message: Held) => void;
  readonly #arrivals: (() => void)[] = [];
  readonly #seen = new Map<string, { readonly messageId: string; readonly at: number }>();
  /** In the order they came; by message id. */
  readonly #held = new Map<string, Held>();
  readonly #inFlight = new Map<string, Held>();
  #numbered = 0;

  constructor(
    kernel: Kernel,
    settings: QueueSettings,
    bury: (message: Pick<Received, "messageId" | "body" | "attributes" | "group" | "deduplication">) => void,
  ) {
    if ((settings.fifo === true) !== settings.name.endsWith(".fifo"))
      throw new AwsFault("InvalidParameterValue", "The name of a FIFO queue, and of no other, ends in .fifo");
    this.settings = settings;
    this.#kernel = kernel;
    this.#random = kernel.random(`sqs ${settings.name}`);
    this.#bury = bury;
  }

  get url(): string {
    return `https://sqs.${this.#kernel.region}.amazonaws.com/${this.#kernel.accountId}/${this.settings.name}`;
  }

  get arn(): string {
    return `arn:aws:sqs:${this.#kernel.region}:${this.#kernel.accountId}:${this.settings.name}`;
  }

  /** Bodies of everything in the queue, in flight or not, oldest first. */
  get bodies(): readonly string[] {
    return this.#all.map((message) => message.body);
  }

  /** How many wait, how many are being worked on, and how many were sent with a delay that is not over. */
  get depth(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const now = this.#kernel.clock.now();
    const hidden = this.#all.filter((message) => message.visibleAt > now);
    const delayed = hidden.filter((message) => message.receiveCount === 0).length;
    return { visible: this.#held.size - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  /** Calls `listener` whenever a message becomes visible. */
  onVisible(listener: () => void): void {
    this.#arrivals.push(listener);
  }

  /** Puts a message in, and returns its id. @throws AwsFault when a FIFO queue is given no group or id, or a delay of its own, or a delay is over 15 minutes. */
  send(body: string, sending: Sending = {}): string {
    if ((sending.delay ?? 0) > LONGEST_DELAY) throw new AwsFault("InvalidParameterValue", "DelaySeconds must be between 0 and 900");
    if (Buffer.byteLength(body) > 1_048_576) throw new AwsFault("InvalidParameterValue", "A message must have at most 1048576 bytes");
    const now = this.#kernel.clock.now();
    const before = this.settings.fifo === true ? this.#duplicateOf(sending, now) : undefined;
    if (before !== undefined) return before;
    this.#numbered += 1;
    const messageId = `${this.settings.name}-${String(this.#numbered).padStart(6, "0")}`;
    if (sending.deduplication !== undefined) this.#seen.set(sending.deduplication, { messageId, at: now });
    const delay = sending.delay ?? this.settings.delay ?? ms(0);
    const { group, deduplication, attributes = {} } = sending;
    const message: Held = { messageId, body, attributes, group, deduplication, sentAt: now, visibleAt: now + delay, receiveCount: 0, receiptHandle: "" };
    this.#held.set(messageId, message);
    this.#announce(message, delay);
    const retention = this.settings.retention ?? days(4);
    this.#kernel.clock.in(retention, () => {
      this.#forget(message);
    });
    return messageId;
  }

  // Source: "SendMessage", https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (2026-11-21).
  #duplicateOf({ group, deduplication, delay }: Sending, now: number): string | undefined {
    if (group === undefined) throw new AwsFault("MissingParameter", "The request must contain the parameter MessageGroupId.");
    if (deduplication === undefined) throw new AwsFault("InvalidParameterValue", "The queue has no content-based deduplication: give a MessageDeduplicationId");
    if (delay !== undefined) throw new AwsFault("InvalidParameterValue", "A message of a FIFO queue cannot have a delay of its own");
    const seen = this.#seen.get(deduplication);
    return seen !== undefined && now - seen.at < DEDUPLICATION ? seen.messageId : undefined;
  }

  /** Up to `max` messages that may be received now, oldest first; each is hidden for the visibility timeout. */
  receive(max: number, { hide, oneGroup = false, bytes = Number.POSITIVE_INFINITY }: Asking = {}): readonly Received[] {
    const received: Received[] = [];
    const blocked = this.#blockedGroups();
    let size = 0;
    for (const message of this.#all) {
      if (received.length >= max) break;
      if (!this.#mayBeReceived(message, blocked) || this.#wasBuried(message)) continue;
      if (oneGroup && received.length > 0 && received[0]?.group !== message.group) continue;
      size += Buffer.byteLength(message.body);
      if (size > bytes && received.length > 0) break;
      message.receiveCount += 1;
      this.#inFlight.delete(message.receiptHandle);
      message.receiptHandle = `${message.messageId}-receipt-${message.receiveCount}-${Math.floor(this.#random() * 1e9).toString(36)}`;
      this.#inFlight.set(message.receiptHandle, message);
      this.#hide(message, hide ?? this.settings.visibility ?? seconds(30));
      const { messageId, receiptHandle, body, attributes, receiveCount, sentAt, group, deduplication } = message;
      received.push({ messageId, receiptHandle, body, attributes, receiveCount, sentAt, group, deduplication });
    }
    return received;
  }

  /** How many messages could be received now. */
  get receivable(): number {
    const blocked = this.#blockedGroups();
    return this.#all.filter((message) => this.#mayBeReceived(message, blocked)).length;
  }

  #blockedGroups(): ReadonlySet<string | undefined> {
    const now = this.#kernel.clock.now();
    if (this.settings.fifo !== true) return new Set();
    return new Set(this.#all.filter((message) => message.visibleAt > now).map(({ group }) => group));
  }

  #mayBeReceived = (message: Held, blocked: ReadonlySet<string | undefined>): boolean =>
    message.visibleAt <= this.#kernel.clock.now() && !(this.settings.fifo === true && blocked.has(message.group));

  /** Forgets a message. An old receipt is accepted and does nothing, as with SQS. */
  delete(receiptHandle: string): void {
    const message = this.#inFlight.get(receiptHandle);
    if (message === undefined) return;
    this.#forget(message);
    // The next of its group can be received now.
    if (this.settings.fifo === true && this.receivable > 0) for (const tell of this.#arrivals) tell();
  }

  /** Hides a message in flight for another length, or shows it at once. */
  changeVisibility(receiptHandle: string, hide: Ms): void {
    const message = this.#inFlight.get(receiptHandle);
    if (message) this.#hide(message, hide);
  }

  /** Md5 of a body, as SQS answers a send with it. */
  static md5(body: string): string {
    return createHash("md5").update(body).digest("hex");
  }

  get #all(): readonly Held[] {
    return [...this.#held.values()];
  }

  #forget(message: Held): void {
    this.#held.delete(message.messageId);
    this.#inFlight.delete(message.receiptHandle);
  }

  #wasBuried(message: Held): boolean {
    const most = this.settings.deadLetter?.maxReceiveCount;
    if (most === undefined || message.receiveCount < most) return false;
    this.#forget(message);
    this.#bury(message);
    return true;
  }

  #hide(message: Held, length: Ms): void {
    message.visibleAt = this.#kernel.clock.now() + length;
    this.#announce(message, length);
  }

  #announce(message: Held, after: Ms): void {
    this.#kernel.clock.in(after, () => {
      if (this.#held.has(message.messageId) && message.visibleAt <= this.#kernel.clock.now()) for (const tell of this.#arrivals) tell();
    });
  }
}
