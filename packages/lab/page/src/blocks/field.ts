/** Block Kit is foreign JSON here: every field is looked at before it is believed. */
export type Block = Readonly<Record<string, unknown>>;

/** An object's fields; none for anything else. */
export const asBlock = (value: unknown): Block => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Block) : {}); // An object's fields are unknown, which is what Block says.
/** A list's members as blocks. */
export const blocksIn = (value: unknown): readonly Block[] => (Array.isArray(value) ? value.map(asBlock) : []);
/** A text; empty for anything else. */
export const textIn = (value: unknown): string => (typeof value === "string" ? value : "");
/** The text of a `plain_text` or `mrkdwn` object. */
export const wordsIn = (value: unknown): string => textIn(asBlock(value)["text"]);
