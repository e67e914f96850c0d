import type { FindingSeverity } from "@nightshift/model";
import type { Runbook } from "./text.ts";

/** What is wrong with one line of a runbook. */
export interface Remark {
  readonly severity: FindingSeverity;
  readonly line: number;
  readonly says: string;
  readonly remedy: string;
}

/** One check over a team's runbook: a pure reading of its text. */
export interface RunbookCheck {
  readonly id: `D${number}`;
  readonly title: string;
  readonly read: (runbook: Runbook) => readonly Remark[];
}

/** A check that looks at one line at a time. */
export const perLine = (it: {
  readonly id: `D${number}`;
  readonly title: string;
  readonly severity: FindingSeverity;
  readonly when: (text: string) => boolean;
  readonly says: string;
  readonly remedy: string;
}): RunbookCheck => ({
  id: it.id,
  title: it.title,
  read: ({ lines }) => lines.filter(({ text }) => it.when(text)).map(({ line }) => ({ severity: it.severity, line, says: it.says, remedy: it.remedy })),
});
