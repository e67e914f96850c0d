import type { ScenarioRun } from "@nightshift/lab/scenario/run";
import { ms, sayLength } from "@nightshift/model";
import { threadOf } from "./view.ts";

/** What the demo proves about itself; it exits 0 only when all of it holds. */
export interface DemoCheck {
  readonly what: string;
  readonly holds: boolean;
}

/** The demo's whole run may take this long after install (issue 2). */
export const AT_MOST_SECONDS = 60;

/** Holds the demo to its promises, from the account's history and the thread. */
export function checksOf({ row, problems, stage }: ScenarioRun, tookSeconds: number): readonly DemoCheck[] {
  const thread = threadOf(stage).join("\n");
  return [
    { what: "the good digest serves all traffic", holds: row.wrongTarget === 0 && row.noOp === 0 && row.target !== null },
    { what: "the thread holds the verdict", holds: /5xx .* %/.test(thread) && thread.includes("it is the deployment") },
    { what: "the thread holds the outcome", holds: thread.includes("it helped") },
    { what: `the scenario's own checks hold${problems.length === 0 ? "" : ` (${problems.join("; ")})`}`, holds: problems.length === 0 },
    { what: `at most ${AT_MOST_SECONDS} s passed (${tookSeconds.toFixed(0)} s)`, holds: tookSeconds <= AT_MOST_SECONDS },
  ];
}

/** Seen, blamed, done, verified; clocks and calls; what to try next. */
export function summaryOf({ row, stage }: ScenarioRun, checks: readonly DemoCheck[]): readonly string[] {
  const thread = threadOf(stage);
  const find = (part: string) => thread.find((line) => line.includes(part))?.slice(10) ?? "–";
  const length = (value: number | null) => (value === null ? "–" : sayLength(ms(value)));
  const calls = stage.lab.history.filter((line) => line.kind === "call" && line.caller === "guard" && line.service !== "lambda").length;
  return [
    "",
    "What happened",
    `  seen      ${find("% of")}`,
    `  blamed    ${find("it is the deployment")}`,
    `  done      ${find("accepted by ECS")}`,
    `  verified  ${find("it helped")}`,
    `  clocks    traffic restored ${length(row.trafficRestoredMs)} after the call, steady ${length(row.steadyMs)} (simulated time)`,
    `  calls     ${row.awsCalls ?? "–"} AWS calls from the breach to the rollback, ${calls} over the whole watch`,
    "",
    "Checked",
    ...checks.map(({ what, holds }) => `  ${holds ? "ok  " : "FAIL"}  ${what}`),
    "",
    "Try next",
    "  npx nightshift lab list                              every story the lab can play",
    "  npx nightshift lab run database-outage               one where rolling back would be wrong",
    "  npx nightshift replay events/samples/FILE.json       an event through the same decision",
    "  npx nightshift config check                          your own nightshift.config.ts",
  ];
}
