/** Tables for whoever runs Nightshift: what it watches about itself, and what the doctor looks at. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { type LedgerGrant, ledgerGrants } from "@nightshift/aws/ledger/grants";
import { root } from "./tool.ts";

/** What `npm run test:stacks` holds the deployment to; the stacks themselves need SST's globals and cannot be asked here. */
const SNAPSHOT = "test/stacks/snapshots/production.json";

/** Every alarm that is deployed, by name: how it is described in the snapshot. */
export function selfAlarms(): readonly (readonly [string, string])[] {
  const snapshot: unknown = JSON.parse(readFileSync(path.join(root, SNAPSHOT), "utf8"));
  const alarms: unknown = typeof snapshot === "object" && snapshot !== null ? Reflect.get(snapshot, "alarms") : undefined;
  if (typeof alarms !== "object" || alarms === null) throw new Error(`${SNAPSHOT} lists no alarms`);
  return Object.entries(alarms).map(([name, rings]) => [name, String(rings)]);
}

/** The same as a table, with when each rings. */
export function selfAlarmTableMarkdown(): string {
  const rows = selfAlarms().map(([name, rings]) => `| \`${name.replace(/^nightshift-production-/, "nightshift-STAGE-")}\` | ${ringsWhen(rings)} |`);
  return [`${rows.length} alarms:`, "", "| alarm | rings when |", "|---|---|", ...rows].join("\n");
}

/** `Sum Errors {…} GreaterThanThreshold 0, 1 × 60 s, missing: notBreaching`, for people. */
function ringsWhen(rings: string): string {
  const [, statistic, metric, comparison, threshold, count, period, missing] =
    /^(\w+) (\w+) \{.*\} (\w+) ([\d.]+), (\d+) × (\d+) s, missing: (\w+)$/.exec(rings) ?? [];
  if (metric === undefined) throw new Error(`${SNAPSHOT} describes an alarm in a form that is not known here: ${rings}`);
  const sign = comparison === "LessThanThreshold" ? "<" : ">";
  return `\`${metric}\` (${statistic?.toLowerCase()}) ${sign} ${threshold} for ${count} × ${period} s${missing === "breaching" ? "; no datapoint counts, too" : ""}`;
}

/** Every check of `guard doctor`, by id. */
export async function doctorTableMarkdown(): Promise<string> {
  const { checks } = await import("@nightshift/decide/doctor/index");
  return [
    "| id | what should hold | reads |",
    "|---|---|---|",
    ...checks.map(({ id, title, reads }) => `| ${id} | ${title.replaceAll("|", "\\|")} | ${reads} |`),
  ].join("\n");
}

/** The port methods behind each command that works on the two tables. */
const behind = {
  "`incidents list`, `incidents show`": ["incidents.list", "incidents.find"],
  "`hold`, `release`": ["control.read", "control.replace", "audit.append"],
  "`approve`, `deny`": ["approvals.find", "approvals.pending", "approvals.answer", "audit.append"],
} as const;

/** What a person's own credentials need on the tables, command by command. */
export function tablePolicyMarkdown(): string {
  const grants: Readonly<Record<string, Readonly<Record<string, readonly LedgerGrant[]>>>> = ledgerGrants;
  const rows = Object.entries(behind).flatMap(([commands, methods]) => {
    const needed = methods.flatMap((method) => {
      const [port = "", name = ""] = method.split(".");
      const found = grants[port]?.[name];
      if (found === undefined) throw new Error(`packages/aws/src/ledger/grants.ts has no ${method}`);
      return found;
    });
    const unique = new Map(needed.map((grant) => [JSON.stringify(grant), grant]));
    return [...unique.values()].map(
      ({ table, actions, leadingKeys }) =>
        `| ${commands} | ${table} | ${actions.map((action) => `\`${action}\``).join(", ")} | ${leadingKeys.map((key) => `\`${key}\``).join(", ")} |`,
    );
  });
  return ["| commands | table | actions | `dynamodb:LeadingKeys` |", "|---|---|---|---|", ...rows].join("\n");
}
