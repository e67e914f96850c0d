import type { LabAccount } from "../account.ts";
import type { Recorded } from "../kernel.ts";

/** A call that was accepted. */
export type Accepted = Extract<Recorded, { kind: "call" }> & { readonly fields: Readonly<Record<string, unknown>> };

/** The accepted calls of one operation, oldest first. */
export const accepted = (lab: LabAccount, service: string, ...operations: readonly string[]): readonly Accepted[] =>
  lab.history.flatMap((line) =>
    line.kind === "call" && line.service === service && line.result === "ok" && operations.includes(line.operation)
      ? [{ ...line, fields: Object.fromEntries(Object.entries(line.input ?? {})) }]
      : [],
  );

/** A field as text. */
export const textIn = (call: Accepted, name: string): string => (typeof call.fields[name] === "string" ? call.fields[name] : "");

/** Tags of a request. */
export function tagsIn(call: Accepted): Readonly<Record<string, string>> {
  const tags = Array.isArray(call.fields["Tags"]) ? call.fields["Tags"] : [];
  return Object.fromEntries(tags.map((tag: { readonly Key?: string; readonly Value?: string }) => [tag.Key ?? "", tag.Value ?? ""]));
}
