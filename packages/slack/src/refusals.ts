import { PortError } from "@nightshift/ports";

/** Slack's own word for what went wrong, from an error of these adapters; undefined for failures without one. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof PortError && error.cause instanceof SlackRefusal ? error.cause.code : undefined;

/** Why Slack refused, in its own word: the cause of a `PortError`. It holds nothing of the request. */
export class SlackRefusal extends Error {
  override readonly name = "SlackRefusal";
  /** `not_in_channel`. */
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Codes that say that the blocks, and only they, are not as Slack wants them. */
const blocksRefused: ReadonlySet<string> = new Set(["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "block_mismatch", "invalid_attachments"]);

/** Whether the same message without its blocks may be taken. */
export const isAboutBlocks = (error: unknown): boolean => blocksRefused.has(codeOf(error) ?? "");
