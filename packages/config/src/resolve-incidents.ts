import type { AlarmRule, IncidentPolicy, MaintenanceWindow, PersonOnFile, Rota, SeverityPolicy, Tier } from "@nightshift/model";
import { hours } from "./units.ts";
import type { ParsedConfig } from "./sections/index.ts";
import { readMoment, weekdayOfDate } from "./sections/moments.ts";
import type { RotaParsed } from "./sections/on-call.ts";

/** Everybody whom Nightshift knows, with what they may do. */
export const peopleOf = (config: ParsedConfig): readonly PersonOnFile[] =>
  Object.entries(config.people).map(([name, person]) => ({ name, slack: person.slack, arn: person.arn, roles: person.roles, rolesFor: person.rolesFor }));

/** How incidents are run, every default filled in. */
export function incidentPolicyOf(config: ParsedConfig): IncidentPolicy {
  const { incidents, severities } = config;
  const { hour, minute } = readMoment(incidents.digest);
  return {
    product: config.product,
    zone: incidents.environment,
    timeZone: incidents.zone,
    channels: { ops: config.channels.ops, incidents: config.channels.incidents ?? config.channels.ops, byService: incidents.channels },
    slack: config.slack,
    people: peopleOf(config),
    groupsWithRoles: config.roleGroups,
    severities: { P1: severityOf(severities.P1), P2: severityOf(severities.P2), P3: severityOf(severities.P3), P4: severityOf(severities.P4) },
    tiers: tiersOf(config),
    // What a person wrote stands first: the first rule that matches counts.
    alarms: [...incidents.alarms.map(ruleOf), ...backlogRules(config)],
    maintenance: config.maintenance.map(windowOf),
    dependsOn: Object.fromEntries(
      Object.entries(config.services).map(([name, service]) => [name, [...service.dependencies.map((one) => one.name), ...service.dependsOn]]),
    ),
    reopenWithin: incidents.reopenWithin,
    suspectWithin: incidents.suspectWithin,
    storm: { moreThan: incidents.storm.services, within: incidents.storm.within },
    digest: { hour, minute },
    // The seeds' post-mortem comes "24 hours later"; PagerDuty's meeting within five business days (`facts/incidents.md` 1 and 6).
    postMortem: { after: hours(24), remindAfterBusinessDays: 5 },
    heartbeatUrl: config.heartbeatUrl,
    links: Object.fromEntries(Object.entries(incidents.links).map(([name, { dashboard, runbook }]) => [name, linksOf(dashboard, runbook)])),
  };
}

/** Settings that were left out are absent, not undefined. */
const linksOf = (dashboard: string | undefined, runbook: string | undefined): IncidentPolicy["links"][string] => ({
  ...(dashboard === undefined ? {} : { dashboard }),
  ...(runbook === undefined ? {} : { runbook }),
});

const severityOf = (it: ParsedConfig["severities"]["P1"]): SeverityPolicy => ({ ...it, ackWithin: it.ackWithin, ackLasts: it.ackLasts });

function tiersOf({ onCall, escalation }: ParsedConfig): readonly Tier[] {
  return [
    { tier: 1, name: escalation.tier1.name, rota: rotaOf("tier 1", onCall) },
    { tier: 2, name: escalation.tier2.name, rota: rotaOf("tier 2", escalation.tier2.who) },
    { tier: 3, name: escalation.tier3.name, rota: rotaOf("tier 3", escalation.tier3.who) },
  ];
}

function rotaOf(name: string, it: RotaParsed | undefined): Rota {
  if (it === undefined) return { kind: "static", name, people: [] };
  switch (it.kind) {
    case "static":
      return { kind: "static", name, people: it.people };
    case "slack-group":
      return { kind: "slack-group", name, group: it.group };
    case "rotation": {
      const { day, hour, minute } = readMoment(it.handoff);
      return { kind: "rotation", name, people: it.people, handoff: { weekday: day, hour, minute }, zone: it.zone, from: it.from ?? firstOf2026(day) };
    }
  }
}

/** The first such day of 2026; 2026-01-01 was a Thursday. */
function firstOf2026(day: string): string {
  const dates = Array.from({ length: 7 }, (_, index) => `2026-01-0${index + 1}`);
  return dates.find((date) => weekdayOfDate(date) === day) ?? "2026-01-01";
}

function ruleOf({ match, service, severity, role, ignore }: ParsedConfig["incidents"]["alarms"][number]): AlarmRule {
  return {
    match,
    ...(service === undefined ? {} : { service }),
    ...(severity === undefined ? {} : { severity }),
    ...(role === undefined ? {} : { role }),
    ...(ignore === undefined ? {} : { ignore }),
  };
}

function windowOf({ name, scope, opens, week, lasts, zone }: ParsedConfig["maintenance"][number]): MaintenanceWindow {
  const { day, hour, minute } = readMoment(opens);
  const weekday = day === "daily" ? "monday" : day; // the schema asks for a day of the week
  return { name, scope, weekday, ...(week === undefined ? {} : { week }), hour, minute, lasts, zone };
}

/** Our own backlog alarms, which stacks/backlog-alarms.ts makes, belong to the service that they are about (H1). */
const backlogRules = ({ workers }: ParsedConfig): readonly AlarmRule[] =>
  Object.keys(workers).map((service) => ({ match: `nightshift-*-${service}-backlog`, service, severity: "P3" }));
