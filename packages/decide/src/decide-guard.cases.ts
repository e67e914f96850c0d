import { decideGuard } from "./decide-guard.ts";
import { fences, hard, native, soft, watching } from "./decide-guard.cases-seen.ts";
import { wayBack } from "./decide-guard.cases-way-back.ts";
import type { DecisionCase } from "./decide-guard.rows.ts";
import type { Situation } from "./situation.ts";

/** Every row, in the order of the gates. */
export const decisionCases: readonly DecisionCase[] = [...watching, ...fences, ...native, ...hard, ...soft, ...wayBack];

/** A verdict in the table's words. */
export function sayCase({ prepared, memory, settings }: Situation): string {
  const verdict = decideGuard(prepared, memory, settings);
  switch (verdict.kind) {
    case "wait":
      return "wait";
    case "leave":
      return `leave ${verdict.reason}`;
    case "ask":
      return verdict.plan === undefined ? "ask without plan" : "ask with plan";
    case "roll-back":
      return `roll-back ${verdict.consent}`;
  }
}

/** The documentation's table: every row decided now, by the code itself. */
export function decisionTableMarkdown(): string {
  const rows = decisionCases.map((one) => `| ${one.name} | ${one.seen} | ${sayCase(one.given)} | ${one.because} |`);
  return ["| case | seen | verdict | why |", "|---|---|---|---|", ...rows].join("\n");
}
