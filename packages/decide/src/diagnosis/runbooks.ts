import type { GuardedService, Incident } from "@nightshift/model";

/** The seeds' runbooks that are run by themselves (styling-adventures.md "Runbooks", sports-nutrition-api.md "Troubleshooting", leather-api.md "Alert Rules"). */
export const runbooks = ["high-latency", "database-errors", "authentication-failures", "worker-backlog"] as const;
export type Runbook = (typeof runbooks)[number];

/** What a runbook is called in a thread. */
export const runbookTitles: Readonly<Record<Runbook, string>> = {
  "high-latency": "high latency",
  "database-errors": "database errors",
  "authentication-failures": "authentication failures",
  "worker-backlog": "worker backlog",
};

/** Words in alarms and lines that lead to a runbook. */
const words: Readonly<Record<Runbook, RegExp>> = {
  "high-latency": /latenc|slow|response.?time|p9[059]|timeout|duration/i,
  "database-errors": /\brds\b|database|postgres|\bdb[-_ ]|dynamo|connection|deadlock|throttl/i,
  "authentication-failures": /\bauth|cognito|login|sign.?in|\b40[13]\b|token|jwt/i,
  "worker-backlog": /backlog|queue|celery|worker|\bsqs\b|depth|oldest message/i,
};

/** Which runbooks speak to this incident: those its alarms and lines name; without a word, what a service of its kind is first asked. */
export function chooseRunbooks(incident: Incident, service: GuardedService | undefined): readonly Runbook[] {
  const said = [
    incident.title,
    ...incident.alarms.map((alarm) => `${alarm.name} ${alarm.reason}`),
    ...incident.entries.flatMap((entry) => (entry.kind === "seen" ? [entry.text] : [])),
  ];
  const named = runbooks.filter((one) => said.some((text) => words[one].test(text)));
  if (named.length > 0) return named;
  return service?.traffic === undefined ? ["worker-backlog"] : ["high-latency", "database-errors"];
}
