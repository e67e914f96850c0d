import { AwsFault, type Kernel, type ServiceModule } from "../../kernel.ts";
import { fields, maybeText, notModelled, text } from "../input.ts";

/** A message as it was published. */
export interface Published {
  readonly topic: string;
  readonly subject: string | undefined;
  /** What a subscriber of any protocol without a text of its own gets. */
  readonly message: string;
  /** Texts of single protocols: `sms`, `https`. */
  readonly protocols: Readonly<Record<string, string>>;
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

  /** Source: "Publish", https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (2026-11-21): 256 KiB, subjects under 100 characters, with `json` one text a protocol and a default. */
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
    const texts: Readonly<Record<string, string>> = maybeText(request, "MessageStructure") === "json" ? byProtocol(message) : { default: message };
    const { default: forAll, ...protocols } = texts;
    if (forAll === undefined) throw new AwsFault("InvalidParameterException", "Invalid parameter: Message Structure - No default entry in JSON message body");
    this.#published.push({ topic, subject, message: forAll, protocols, at: this.#kernel.clock.now() });
    return { MessageId: `sns-${String(this.#published.length).padStart(6, "0")}` };
  }
}

/** The texts of a message whose structure is `json`. */
function byProtocol(message: string): Readonly<Record<string, string>> {
  try {
    // Entries that are no text are left out, as SNS leaves them out.
    return Object.fromEntries(Object.entries(fields(JSON.parse(message))).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AwsFault("InvalidParameterException", "Invalid parameter: Message Structure - JSON message body failed to parse");
    throw error;
  }
}
