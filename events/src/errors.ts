import { previewOf, shortText } from "./preview.ts";

/** One thing that is wrong with an event. */
export interface Problem {
  /** Where: `detail.configuration.metrics[0].id`; empty for the event as a whole. */
  readonly path: string;
  /** What should be there: `a string`, `"OK" or "ALARM"`. */
  readonly expected: string;
  /** What is there, shortened and redacted. */
  readonly got: string;
}

const shownProblems = 4;

/**
 * Thrown when an event cannot be read. Trying again never helps: the event goes to the dead-letter queue and a person is told.
 * The message is one paragraph without line breaks.
 */
export class EventError extends Error {
  override readonly name = "EventError";
  /** What kind of event it claimed to be (`aws.ecs / ECS Task State Change`), or `unreadable`: what notices are counted by. */
  readonly shape: string;
  /** All problems found, the first one repeated in `path`, `expected` and `got`. */
  readonly problems: readonly Problem[];
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  /** What a person should do now. */
  readonly next: string;
  constructor(shape: string, problems: readonly [Problem, ...Problem[]], next: string) {
    super(paragraph(shape, problems, next));
    this.shape = shape;
    this.problems = problems;
    this.path = problems[0].path;
    this.expected = problems[0].expected;
    this.got = problems[0].got;
    this.next = next;
  }
}

function paragraph(shape: string, problems: readonly Problem[], next: string): string {
  const shown = problems.slice(0, shownProblems).map(sayProblem).join("; ");
  const more = problems.length > shownProblems ? `; and ${problems.length - shownProblems} more` : "";
  return `Cannot read this event${shape === "unreadable" ? "" : ` (${shape})`}: ${shown}${more}. ${next}`;
}

const sayProblem = (p: Problem): string => `${p.path === "" ? "the event" : p.path}: expected ${p.expected}, got ${p.got}`;

/** The path of a value as people write it: names with dots, positions in brackets. Names come from outside, so they are shortened too. */
export function sayPath(keys: readonly PropertyKey[]): string {
  let path = "";
  for (const key of keys) {
    if (typeof key === "number") path += `[${key}]`;
    else path += `${path === "" ? "" : "."}${shortText(String(key))}`;
  }
  return path;
}

/** A problem with one value. */
export const problemAt = (keys: readonly PropertyKey[], expected: string, value: unknown): Problem => ({
  path: sayPath(keys),
  expected,
  got: previewOf(value),
});
