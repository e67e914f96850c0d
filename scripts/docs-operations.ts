/** Tables for whoever runs Nightshift: what it watches about itself, and what the doctor looks at. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./tool.ts";

/** What `npm run test:stacks` holds the deployment to; the stacks themselves need SST's globals and cannot be asked here. */
const SNAPSHOT = "test/stacks/snapshots/production.json";

/** Every alarm that is deployed, with when it rings. */
export function selfAlarmTableMarkdown(): string {
  const snapshot: unknown = JSON.parse(readFileSync(path.join(root, SNAPSHOT), "utf8"));
  const alarms: unknown = typeof snapshot === "object" && snapshot !== null ? Reflect.get(snapshot, "alarms") : undefined;
  if (typeof alarms !== "object" || alarms === null) throw new Error(`${SNAPSHOT} lists no alarms`);
  const rows = Object.entries(alarms).map(([name, rings]) => `| \`${name.replace(/^nightshift-production-/, "nightshift-STAGE-")}\` | ${ringsWhen(String(rings))} |`);
  return [`${rows.length} alarms:`, "", "| alarm | rings when |", "|---|---|", ...rows].join("\n");
}

/** `Sum Errors {…} GreaterThanThreshold 0, 1 × 60 s, missing: notBreaching`, for people. */
function ringsWhen(rings: string): string {
  const [, statistic, metric, comparison, threshold, count, period, missing] = /^(\w+) (\w+) \{.*\} (\w+) ([\d.]+), (\d+) × (\d+) s, missing: (\w+)$/.exec(rings) ?? [];
  if (metric === undefined) throw new Error(`${SNAPSHOT} describes an alarm in a form that is not known here: ${rings}`);
  const sign = comparison === "LessThanThreshold" ? "<" : ">";
  return `\`${metric}\` (${statistic?.toLowerCase()}) ${sign} ${threshold} for ${count} × ${period} s${missing === "breaching" ? "; no datapoint counts, too" : ""}`;
}

/** Every check of `guard doctor`, by id. */
export async function doctorTableMarkdown(): Promise<string> {
  const { checks } = await import("@nightshift/decide/doctor/index");
  return ["| id | what should hold | reads |", "|---|---|---|", ...checks.map(({ id, title, reads }) => `| ${id} | ${title.replaceAll("|", "\\|")} | ${reads} |`)].join("\n");
}
