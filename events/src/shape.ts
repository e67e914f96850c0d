import { EventError, type Problem, problemAt } from "./errors.ts";
import * as z from "zod/mini";

/** One form in which an event reaches us. */
export interface Shape<Event> {
  /** Ours, unique: `ecs-task`. */
  readonly name: string;
  /** How it is called in errors and counted in notices: `aws.ecs / ECS Task State Change`. */
  readonly title: string;
  /** Reads a decoded event. @throws {EventError} with every problem of the event. */
  read(raw: unknown): Event;
}

/** Joins a schema of what AWS sends and a translation into our words. */
export function defineShape<Schema extends z.core.$ZodType, Event>(
  about: { readonly name: string; readonly title: string; readonly schema: Schema },
  translate: (sent: z.core.output<Schema>) => Event,
): Shape<Event> {
  return {
    name: about.name,
    title: about.title,
    read(raw) {
      const read = z.safeParse(about.schema, raw, { reportInput: true });
      if (read.success) return translate(read.data);
      const [first, ...others] = read.error.issues.map(problemOf);
      throw new EventError(
        about.title,
        [first ?? problemAt([], "another event", raw), ...others],
        "Nothing was done with it. If AWS or your CI changed this field, report it with the event; otherwise correct it and send it again.",
      );
    },
  };
}

/** A field's problem in our words; schemas say what they expect in their message, so only types and literals are worded here. */
function problemOf(issue: z.core.$ZodIssue): Problem {
  return problemAt(issue.path, expectationOf(issue), issue.input);
}

function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return issue.values.map((v) => JSON.stringify(v)).join(" or ");
  // Without our own message it is the library's: "Invalid input", or that and more where somebody loaded one of its languages.
  if (!issue.message.startsWith("Invalid input")) return issue.message;
  if (issue.code !== "invalid_type") return "another value";
  return typeWords[issue.expected] ?? issue.expected;
}

const typeWords: Readonly<Record<string, string>> = {
  object: "an object",
  record: "an object",
  array: "a list",
  tuple: "a list",
  string: "a string",
  number: "a number",
  boolean: "true or false",
};
