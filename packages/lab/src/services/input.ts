import { AwsFault } from "../kernel.ts";

/** A request as a bag of fields: what an SDK command's `input` is before anybody looked at it. */
export type Fields = Readonly<Record<string, unknown>>;

/** The request's fields. */
export const fields = (input: unknown): Fields => (typeof input === "object" && input !== null ? (input as Fields) : {}); // An object's fields are unknown, which is what Fields says.

/** A field that must be text. @throws AwsFault naming the field. */
export function text(input: Fields, name: string): string {
  const value = input[name];
  if (typeof value !== "string" || value === "") throw new AwsFault("ValidationException", `${name} is required and must be text`);
  return value;
}

/** A field that may be text. */
export const maybeText = (input: Fields, name: string): string | undefined => (typeof input[name] === "string" ? input[name] : undefined);

/** A field that may be a number. */
export const maybeNumber = (input: Fields, name: string): number | undefined => (typeof input[name] === "number" ? input[name] : undefined);

/** A field that may be a list; anything else is an empty one. */
export const list = (input: Fields, name: string): readonly unknown[] => (Array.isArray(input[name]) ? input[name] : []);

/** Text of a payload that an SDK takes as text or bytes. */
export function payloadText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : undefined;
}

/** A call to an operation that the lab does not model fails loudly. */
export const notModelled = (service: string, operation: string): AwsFault =>
  new AwsFault("UnknownOperationException", `The lab does not model ${service}:${operation}`, 400);
