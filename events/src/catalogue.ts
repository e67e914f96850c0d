import index from "../samples/index.json" with { type: "json" };
import type { EventPattern } from "@nightshift/model";
import { shapeTitles } from "./parse.ts";
import { patternOf } from "./patterns.ts";

/** What is known of one sample: our own values in AWS's documented form (decision 29). */
export interface SampleAbout {
  readonly file: string;
  /** The name of its shape. */
  readonly shape: string;
  /** What happened, in one sentence. */
  readonly about: string;
  readonly page: string;
  readonly address: string;
  /** The day on which the page was read. */
  readonly read: string;
  /** `assumed`: AWS does not document this form, or not in so many words; `note` says what is known. */
  readonly mark: "documented" | "assumed";
  /** Whether the rule of its shape brings it to the dispatcher; what is not brought invokes a function directly or is left out by the rule. */
  readonly delivered: boolean;
  readonly note?: string;
}

/** All samples, shape by shape. */
// The index is data, so its marks arrive as plain strings; a test reads each of them.
export const samples = index as readonly SampleAbout[];

/** One shape, as the documentation shows it. */
export interface ShapeAbout {
  readonly name: string;
  readonly title: string;
  readonly pattern: EventPattern | undefined;
  readonly mark: "documented" | "assumed";
  readonly pages: readonly { readonly page: string; readonly address: string; readonly read: string }[];
  readonly samples: readonly string[];
}

/** Every shape that is read, with its sources and samples: for generated documentation. It is assumed where no sample of it is documented. */
export function describeShapes(): readonly ShapeAbout[] {
  return shapeTitles.map(({ name, title }) => {
    const own = samples.filter((s) => s.shape === name);
    const pages = new Map(own.map(({ page, address, read }) => [address, { page, address, read }]));
    return {
      name,
      title,
      pattern: patternOf[name],
      mark: own.some((s) => s.mark === "documented") ? "documented" : "assumed",
      pages: [...pages.values()],
      samples: own.map((s) => s.file),
    };
  });
}
