import { EventError, sayPath } from "./errors.ts";
import { mutationsOf, type Mutation } from "./mutations.ts";
import { parseEventText } from "./parse.ts";

/** What came of all mutations of one sample. */
export interface Sweep {
  readonly mutations: number;
  readonly rejected: number;
  readonly passed: number;
  /** What must not be: another exception, an error that names another field, a wrong value that got through. */
  readonly violations: readonly string[];
}

/**
 * Reads every mutation of a sample (decision 29). Each is either rejected with an error that names the field, its parent or a field in it, or passes;
 * what passes says the same as the sample, except that what was deleted may be missing. So no wrong value reaches our own types.
 * `read` is what is tried: our own reader, unless a test tries a worse one.
 * @throws {EventError} when the sample itself cannot be read.
 */
export function sweep(sampleText: string, read: (text: string) => unknown = parseEventText): Sweep {
  const whole = read(sampleText);
  const sample: unknown = JSON.parse(sampleText);
  const violations: string[] = [];
  let mutations = 0;
  let rejected = 0;
  for (const mutation of mutationsOf(sample)) {
    mutations += 1;
    const name = `${sayPath(mutation.path)} ${mutation.how}`;
    try {
      const mutated = read(JSON.stringify(mutation.event));
      if (!saysTheSame(whole, mutated, mutation)) violations.push(`${name}: passed and changed what was read`);
    } catch (error) {
      rejected += 1;
      if (!(error instanceof EventError)) violations.push(`${name}: threw ${String(error)}`);
      else if (!names(error.path, mutation.path)) violations.push(`${name}: the error names ${error.path === "" ? "the whole event" : error.path}`);
    }
  }
  return { mutations, rejected, passed: mutations - rejected, violations };
}

/** The error's path is the field, a field in it, or what holds it. */
function names(errorPath: string, path: readonly (string | number)[]): boolean {
  const field = sayPath(path);
  const parent = sayPath(path.slice(0, -1));
  return errorPath === field || (parent !== "" && errorPath === parent) || errorPath.startsWith(`${field}.`) || errorPath.startsWith(`${field}[`);
}

function saysTheSame(before: unknown, after: unknown, mutation: Mutation): boolean {
  if (mutation.how !== "deleted") return JSON.stringify(before) === JSON.stringify(after);
  // An entry taken out of a list moves the others up, which is a shorter list and no wrong value.
  return typeof mutation.path.at(-1) === "number" || onlyLacks(before, after);
}

/** Whether `after` is `before` without some of its values. */
function onlyLacks(before: unknown, after: unknown): boolean {
  if (after === undefined) return true;
  if (typeof before !== "object" || before === null || typeof after !== "object" || after === null) return before === after;
  return Object.entries(after).every(([key, value]) => onlyLacks(Object.getOwnPropertyDescriptor(before, key)?.value, value));
}
