/** What the document client adds to DynamoDB's descriptions: other names of operations, and plain values for `AttributeValue`. */

/** lib-dynamodb's command to DynamoDB's operation. */
export const documentOperations: Readonly<Record<string, string>> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  BatchGet: "BatchGetItem",
  BatchWrite: "BatchWriteItem",
};

/**
 * What is expected instead of a value that the document client cannot store; undefined when it can. Undefined members are
 * left out by our client's `removeUndefinedValues`.
 * Source: "Mapping native JavaScript types", https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-aws-sdk-lib-dynamodb/ (read 2026-11-21).
 */
export function documentValue(value: unknown): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "bigint" || value instanceof Uint8Array) return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : "a finite number";
  if (Array.isArray(value)) return first(value);
  if (value instanceof Set) return value.size > 0 ? first([...value]) : "a set that is not empty";
  if (typeof value !== "object" || !plain(value)) return "a value that DynamoDB can store";
  return first(Object.values(value).filter((inner) => inner !== undefined));
}

const first = (values: readonly unknown[]): string | undefined => values.map(documentValue).find((expected) => expected !== undefined);
const plain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value));
