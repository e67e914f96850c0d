import { PortError } from "@nightshift/ports";
import type { Calls } from "../calls.ts";
import { translate } from "../errors.ts";

/**
 * A conditional write that found another state: an answer, never retried and never translated.
 * Source: "Error handling with DynamoDB", https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html, 2026-11-21.
 */
export const isConditionFailure = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === "ConditionalCheckFailedException";

/** One try a call, failures translated: what a step that retries by itself wants. */
export const onceEach: Calls = {
  read: (call, send) => translated({ ...call, changes: false }, send),
  change: (call, send) => translated({ ...call, changes: true }, send),
};

async function translated<T>(call: Parameters<typeof translate>[0], send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw translate(call, error);
  }
}

/** A write that needs a row that is not there. */
export const missing = (what: string, on: string): PortError => new PortError("not-found", "dynamodb:UpdateItem", on, `there is no such ${what}`);
