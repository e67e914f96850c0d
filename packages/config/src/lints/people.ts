import type { Findings } from "../section.ts";
import { looksSecret, sayPath } from "../problem.ts";
import type { LintedConfig } from "./index.ts";

/** Questions need somebody who may answer, and somewhere to be read. */
export function lintPeople(config: LintedConfig, findings: Findings): void {
  const everybody = Object.entries(config.people);
  const modes = Object.values(config.services).map((service) => service.mode ?? config.mode);
  const held = [
    ...everybody.flatMap(([, person]) => [...person.roles, ...Object.values(person.rolesFor).flat()]),
    ...config.roleGroups.flatMap((group) => group.roles),
  ];
  const mayApprove = held.some((role) => role === "operator" || role === "owner");
  if ((modes.includes("ask") || config.slack !== undefined) && !mayApprove) {
    findings.warning({
      path: "people",
      expected: "somebody with the role operator or owner",
      got: everybody.length === 0 ? "nobody" : "nobody who may approve",
      remedy:
        'add people: { lead: { slack: "U0123", roles: ["operator"] } }: what nobody may approve is not done, and a question that nobody may answer times out',
    });
  }
  if (config.channels.ops === undefined) {
    findings.warning({
      path: "channels.ops",
      expected: "a Slack channel",
      got: "nothing",
      remedy:
        'add channels: { ops: "C0123ABCD" }: until then the page topic (SNS) is told once for each state of an incident, and the thread stands in the ledger (`npx nightshift incidents list`)',
    });
  }
  const ids = new Map<string, string>();
  for (const [name, person] of everybody) {
    if (person.roles.length === 0)
      findings.problem({ path: `people.${name}.roles`, expected: "at least one role", got: "an empty list", remedy: 'write roles: ["viewer"], or more' });
    const twin = person.slack === undefined ? undefined : ids.get(person.slack);
    if (twin !== undefined)
      findings.problem({
        path: `people.${name}.slack`,
        expected: "an id of their own",
        got: `the id of ${twin}`,
        remedy: "one person, one entry: merge the roles",
      });
    if (person.slack !== undefined) ids.set(person.slack, name);
  }
}

/** Where Nightshift speaks it should be answered, by one known workspace. */
export function lintSlack(config: LintedConfig, findings: Findings): void {
  const speaks = config.channels.ops !== undefined || config.channels.incidents !== undefined || Object.keys(config.incidents.channels).length > 0;
  if (speaks && config.slack === undefined)
    findings.warning({
      path: "slack",
      expected: "the workspace and the app that are believed",
      got: "nothing",
      remedy: 'add slack: { team: "T0123ABCD", app: "A0123ABCD" }: until then every slash command and button is refused',
    });
  for (const [index, group] of config.roleGroups.entries()) {
    if (group.roles.length === 0)
      findings.problem({
        path: `roleGroups[${index}].roles`,
        expected: "at least one role",
        got: "an empty list",
        remedy: 'write roles: ["operator"], or remove the group',
      });
    if (config.slack === undefined)
      findings.problem({
        path: `roleGroups[${index}].slackGroup`,
        expected: "a workspace that the group is of",
        got: "no slack",
        remedy: 'add slack: { team: "T0123ABCD", app: "A0123ABCD" }',
      });
  }
}

/** No bound may be missing. */
export function lintBudgets(config: LintedConfig, findings: Findings): void {
  if (config.budgets.rollbacksPerService.length === 0) {
    findings.problem({
      path: "budgets.rollbacksPerService",
      expected: "at least one bound",
      got: "an empty list",
      remedy: "leave the setting out for the defaults: 1 in 30 minutes and 2 in 6 hours",
    });
  }
}

/** Texts that look like tokens or keys, wherever they stand. They are named, never printed. */
export function lintSecrets(raw: unknown, findings: Findings, path: readonly PropertyKey[] = []): void {
  if (path.length > 12) return;
  if (typeof raw === "string" && looksSecret(raw)) {
    findings.problem({
      path: sayPath(path),
      expected: "no secret in a config",
      got: "a text that looks like a token or key",
      remedy: "set it with `npx sst secret set`, take it out of the file, and rotate it if it was committed",
    });
  }
  if (typeof raw === "object" && raw !== null)
    for (const [key, inner] of Object.entries(raw)) lintSecrets(inner, findings, [...path, Array.isArray(raw) ? Number(key) : key]);
}
