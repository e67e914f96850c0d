import { createHash } from "node:crypto";
import { days, type Ms, ms, seconds } from "@nightshift/model";
import { AwsFault, type Kernel } from "../../kernel.ts";

/** How a queue is set up. */
export interface QueueSettings {
  readonly name: string;
  /** How long a received message stays hidden. AWS's default: 30 s. */
  readonly visibility?: Ms;
  readonly delay?: Ms;
  readonly retention?: Ms;
  readonly deadLetter?: { readonly queue: string; readonly maxReceiveCount: number };
}

/** One message as a consumer receives it. */
export interface Received {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly receiveCount: number;
  readonly sentAt: number;
}

interface Held {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  receiptHandle: string;
}

/**
 * A standard queue: at least once, hidden while in flight, moved to its dead-letter queue at a receive after
 * `maxReceiveCount` were in vain.
 * Sources: "Amazon SQS visibility timeout" and "Using dead-letter queues in Amazon SQS",
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/ (2026-11-21).
 */
export class LabQueue {
  readonly settings: QueueSettings;
  readonly #kernel: Kernel;
  readonly #random: () => number;
  readonly #bury: (message: Held) => void;
  readonly #arrivals: (() => void)[] = [];
  #held: Held[] = [];
  #numbered = 0;

  constructor(
    kernel: Kernel,
    settings: QueueSettings,
    bury: (message: { readonly body: string; readonly attributes: Readonly<Record<string, unknown>> }) => void,
  ) {
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
    return this.#held.map((message) => message.body);
  }

  /** How many wait, and how many are being worked on. */
  get depth(): { readonly visible: number; readonly inFlight: number } {
    const now = this.#kernel.clock.now();
    const visible = this.#held.filter((message) => message.visibleAt <= now).length;
    return { visible, inFlight: this.#held.length - visible };
  }

  /** Calls `listener` whenever a message becomes visible. */
  onVisible(listener: () => void): void {
    this.#arrivals.push(listener);
  }

  send(body: string, sending: { readonly attributes?: Readonly<Record<string, unknown>>; readonly delay?: Ms } = {}): string {
    if (Buffer.byteLength(body) > 1_048_576) throw new AwsFault("InvalidParameterValue", "A message must have at most 1048576 bytes");
    const now = this.#kernel.clock.now();
    this.#numbered += 1;
    const messageId = `${this.settings.name}-${String(this.#numbered).padStart(6, "0")}`;
    const delay = sending.delay ?? this.settings.delay ?? ms(0);
    const message: Held = { messageId, body, attributes: sending.attributes ?? {}, sentAt: now, visibleAt: now + delay, receiveCount: 0, receiptHandle: "" };
    this.#held.push(message);
    this.#announce(message, delay);
    const retention = this.settings.retention ?? days(4);
    this.#kernel.clock.in(retention, () => {
      this.#held = this.#held.filter((held) => held !== message);
    });
    return messageId;
  }

  /** Up to `max` visible messages, oldest first; each is hidden for the visibility timeout. */
  receive(max: number, hide?: Ms): readonly Received[] {
    const now = this.#kernel.clock.now();
    const received: Received[] = [];
    for (const message of [...this.#held]) {
      if (received.length >= max) break;
      if (message.visibleAt > now || this.#wasBuried(message)) continue;
      message.receiveCount += 1;
      message.receiptHandle = `${message.messageId}-receipt-${message.receiveCount}-${Math.floor(this.#random() * 1e9).toString(36)}`;
      this.#hide(message, hide ?? this.settings.visibility ?? seconds(30));
      const { messageId, receiptHandle, body, attributes, receiveCount, sentAt } = message;
      received.push({ messageId, receiptHandle, body, attributes, receiveCount, sentAt });
    }
    return received;
  }

  /** Forgets a message. An old receipt is accepted and does nothing, as with SQS. */
  delete(receiptHandle: string): void {
    this.#held = this.#held.filter((message) => message.receiptHandle !== receiptHandle);
  }

  /** Hides a message in flight for another length, or shows it at once. */
  changeVisibility(receiptHandle: string, hide: Ms): void {
    const message = this.#held.find((held) => held.receiptHandle === receiptHandle);
    if (message) this.#hide(message, hide);
  }

  /** Md5 of a body, as SQS answers a send with it. */
  static md5(body: string): string {
    return createHash("md5").update(body).digest("hex");
  }

  #wasBuried(message: Held): boolean {
    const most = this.settings.deadLetter?.maxReceiveCount;
    if (most === undefined || message.receiveCount < most) return false;
    this.#held = this.#held.filter((held) => held !== message);
    this.#bury(message);
    return true;
  }

  #hide(message: Held, length: Ms): void {
    message.visibleAt = this.#kernel.clock.now() + length;
    this.#announce(message, length);
  }

  #announce(message: Held, after: Ms): void {
    this.#kernel.clock.in(after, () => {
      if (this.#held.includes(message) && message.visibleAt <= this.#kernel.clock.now()) for (const tell of this.#arrivals) tell();
    });
  }
}
