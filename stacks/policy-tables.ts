import { doctorGrants, surveyGrants } from "@nightshift/aws/grants";
import type { Manifest } from "@nightshift/model";
import { manifests } from "../functions/index.ts";
import { statementsOf } from "./policy.ts";

/** Tables for the documentation; `npm run docs:check` compares them. */

const cell = (text: string): string => text.replaceAll("|", "\\|");
const code = (texts: readonly string[]): string => texts.map((text) => `\`${cell(text)}\``).join("<br>");

/** For docs: every statement of every function's role. */
export function iamTableMarkdown(): string {
  return manifests
    .map((manifest) => {
      const rows = statementsOf(manifest).map(
        ({ effect, actions, resources, conditions, why }) =>
          `| ${effect === "deny" ? "**deny**" : "allow"} | ${code(actions)} | ${code(resources)} | ${code(conditions.map(({ test, variable, values }) => `${variable} ${test} ${values.join(", ")}`))} | ${why.join("; ")} |`,
      );
      return [`### ${manifest.name}`, "", manifest.does, "", "| | actions | on | if | why everywhere |", "|---|---|---|---|---|", ...rows].join("\n");
    })
    .join("\n\n");
}

/** For docs: what is deployed, one row a function. */
export function functionTableMarkdown(): string {
  const rows = manifests.map((manifest: Manifest) => {
    const on = invokedBy(manifest.trigger);
    return `| ${manifest.name} | ${manifest.kind} | ${on} | ${manifest.timeoutSeconds} s${manifest.executionTimeoutMinutes === undefined ? "" : `, executions ${manifest.executionTimeoutMinutes} min`} | ${manifest.memoryMb} MB | ${cell(manifest.does)} |`;
  });
  return ["| function | kind | invoked by | timeout | memory | what it does |", "|---|---|---|---|---|---|", ...rows].join("\n");
}

function invokedBy(trigger: Manifest["trigger"]): string {
  if (trigger === undefined) return "other functions, by name";
  switch (trigger.kind) {
    case "queue":
      return `the ${trigger.queue} queue`;
    case "url":
      return "Slack, at an address of its own";
    case "schedule":
      return trigger.expression;
    case "ledger-stream":
      return "the ledger's stream";
  }
}

/** For docs: the smallest policy for people who only run commands that read (`guard doctor`, `init`, `replay --account`). */
export function readOnlyPolicyMarkdown(): string {
  const statements = [...doctorGrants, ...surveyGrants].map(({ actions, resources, conditions }) => ({
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(conditions === undefined ? {} : { Condition: conditions }),
  }));
  return ["```json", JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, 2), "```"].join("\n");
}
