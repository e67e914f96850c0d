import type * as z from "zod/mini";
import type { ConfigProblem } from "./problem.ts";

/** One top-level key of `nightshift.config.ts`: each automation brings its own in one file (decision 36). */
export interface Section<Schema extends z.ZodMiniType = z.ZodMiniType> {
  readonly title: string;
  /** One sentence for the reference page. */
  readonly says: string;
  readonly schema: Schema;
}

/** Keeps the schema's own type. */
export const section = <Schema extends z.ZodMiniType>(it: Section<Schema>): Section<Schema> => it;

/** Where a check that looks at several settings at once puts what it finds. */
export interface Findings {
  /** The config cannot be used like this. */
  problem(problem: ConfigProblem): void;
  /** It can be used, and somebody should know. */
  warning(problem: ConfigProblem): void;
}
