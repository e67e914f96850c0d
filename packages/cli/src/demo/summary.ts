import { ledgerPorts } from "@nightshift/aws/ledger/index";
import { labConnections } from "@nightshift/lab/connections";
import { names } from "@nightshift/lab/install";
import type { ScenarioRun } from "@nightshift/lab/scenario/run";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { type Entry, ms, sayLength } from "@nightshift/model";
import { wrap } from "../frame/format.ts";
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

/** The four lines of the incident that tell the story, by the ledger's own kinds. */
export interface Told {
  readonly seen: string | undefined;
  readonly blamed: string | undefined;
  readonly acted: string | undefined;
  readonly verified: string | undefined;
}

/** Reads the newest incident from the simulated account's ledger. */
export async function toldIn({ lab }: Stage): Promise<Told> {
  const { incidents } = ledgerPorts(() => labConnections(lab, "person").dynamodb(), { ledger: names.ledger, audit: names.audit });
  return lab.run(async () => {
    const [incident] = await incidents.list(1);
    // The last of a kind says most: the breach after the first traffic, the outcome after the first good answer.
    const line = (kind: Entry["kind"]) => incident?.entries.findLast((entry) => entry.kind === kind)?.text;
    return { seen: line("seen"), blamed: line("blamed"), acted: line("acted"), verified: line("resolved") ?? line("verified") };
  });
}

/** Commands to try; each names things that exist. */
export const tryNext: readonly (readonly [string, string])[] = [
  ["lab list", "every story the lab can play"],
  ["lab run third-party-outage", "one where rolling back would be wrong"],
  ["replay events/samples/ecs-deployment-failed.json", "an event through the same decision"],
  ["init", "a nightshift.config.ts of your own"],
];

interface Ending {
  readonly checks: readonly DemoCheck[];
  readonly told: Told;
  readonly columns: number;
}

/** Seen, blamed, done, verified; clocks and calls; what to try next. */
export function summaryOf({ row, stage }: ScenarioRun, { checks, told, columns }: Ending): readonly string[] {
  const length = (value: number | null) => (value === null ? "–" : sayLength(ms(value)));
  const calls = stage.lab.history.filter((line) => line.kind === "call" && line.caller === "guard" && line.service !== "lambda").length;
  const lines = (name: string, text: string | undefined) => wrap(text ?? "–", columns, { first: `  ${name.padEnd(10)}`, rest: " ".repeat(12) });
  return [
    "",
    "What happened",
    ...lines("seen", told.seen),
    ...lines("blamed", told.blamed),
    ...lines("done", told.acted),
    ...lines("verified", told.verified),
    ...lines("clocks", `traffic restored ${length(row.trafficRestoredMs)} after the call, steady ${length(row.steadyMs)} (simulated time)`),
    ...lines("calls", `${row.awsCalls ?? "–"} AWS calls from the breach to the rollback, ${calls} over the whole watch`),
    "",
    "Checked",
    ...checks.map(({ what, holds }) => `  ${holds ? "ok  " : "FAIL"}  ${what}`),
    "",
    "Try next",
    ...tryNext.flatMap(([command, says]) => [`  npx nightshift ${command}`, `      ${says}`]),
  ];
}
