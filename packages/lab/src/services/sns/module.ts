import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { fields, maybeText, notModelled, text } from "../input.ts";

/** A message as it was published. */
export interface Published {
  readonly topic: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly at: number;
}

/** SNS as far as Nightshift uses it: topics that remember what was published on them. */
export class Sns implements ServiceModule {
  readonly service = "sns";
  readonly mutating = new Set(["Publish"]);
  readonly #kernel: Kernel;
  readonly #topics = new Set<string>();
  readonly #published: Published[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Creates a topic and returns its ARN. */
  create(name: string): string {
    const arn = `arn:aws:sns:${this.#kernel.region}:${this.#kernel.accountId}:${name}`;
    this.#topics.add(arn);
    return arn;
  }

  /** Everything published, oldest first. */
  get published(): readonly Published[] {
    return this.#published;
  }

  /** Source: "Publish", https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (2026-11-21): 256 KiB, subjects under 100 characters. */
  handle(operation: string, input: unknown): unknown {
    if (operation !== "Publish") throw notModelled("sns", operation);
    const request = fields(input);
    const topic = text(request, "TopicArn");
    const message = text(request, "Message");
    const subject = maybeText(request, "Subject");
    if (!this.#topics.has(topic)) throw new AwsFault("NotFoundException", "Topic does not exist", 404);
    if (Buffer.byteLength(message) > 262_144) throw new AwsFault("InvalidParameterException", "Invalid parameter: Message too long");
    if (subject !== undefined && (subject.length >= 100 || /[\n\r]/.test(subject)))
      throw new AwsFault("InvalidParameterException", "Invalid parameter: Subject");
    this.#published.push({ topic, subject, message, at: this.#kernel.clock.now() });
    return { MessageId: `sns-${String(this.#published.length).padStart(6, "0")}` };
  }
}
