import { nearest } from "../nearest.ts";
import type { Findings } from "../section.ts";
import type { LintedConfig } from "./index.ts";

/** Names of services that settings refer to are those of services, and nobody stands on himself. */
export function lintNamed(config: LintedConfig, findings: Findings): void {
  const services = Object.keys(config.services);
  const groups = Object.entries(config.services).map(([name, service]) => service.group ?? name);
  const places = [...new Set([...services, ...groups])];
  const known = (path: string, name: string, among: readonly string[]): void => {
    if (among.includes(name)) return;
    const meant = nearest(name, among);
    findings.problem({
      path,
      expected: among.length === 0 ? "the name of a service" : `one of ${among.slice(0, 10).join(", ")}`,
      got: `"${name}"`,
      remedy: meant === undefined ? "write a name that stands under services" : `did you mean "${meant}"?`,
    });
  };
  for (const [index, rule] of config.incidents.alarms.entries())
    if (rule.service !== undefined) known(`incidents.alarms[${index}].service`, rule.service, services);
  for (const name of Object.keys(config.incidents.channels)) known(`incidents.channels.${name}`, name, places);
  for (const name of Object.keys(config.incidents.links)) known(`incidents.links.${name}`, name, services);
  for (const [person, { rolesFor }] of Object.entries(config.people))
    for (const name of Object.keys(rolesFor)) known(`people.${person}.rolesFor.${name}`, name, places);
  for (const [name, service] of Object.entries(config.services))
    for (const [index, other] of service.dependsOn.entries()) known(`services.${name}.dependsOn[${index}]`, other, services);
}

/** Dependencies that lead back to where they began would make every failure its own cause. */
export function lintCircles(config: LintedConfig, findings: Findings): void {
  const next = (name: string): readonly string[] => config.services[name]?.dependsOn ?? [];
  for (const name of Object.keys(config.services)) {
    const seen = new Set<string>();
    const open = [...next(name)];
    // Each service is looked at once, so this ends after as many rounds as there are names.
    for (let at = open.shift(); at !== undefined; at = open.shift()) {
      if (seen.has(at)) continue;
      seen.add(at);
      open.push(...next(at));
    }
    if (seen.has(name))
      findings.problem({
        path: `services.${name}.dependsOn`,
        expected: "services that can work without this one",
        got: next(name).includes(name) ? "itself" : "a circle",
        remedy: "keep the direction in which a failure spreads, and remove the other",
      });
  }
}

/** Rules that nobody reaches, and rules that say nothing. */
export function lintAlarmRules(config: LintedConfig, findings: Findings): void {
  const rules = config.incidents.alarms;
  for (const [index, rule] of rules.entries()) {
    const path = `incidents.alarms[${index}]`;
    const first = rules.findIndex((one) => one.match === rule.match || one.match === "*");
    if (first < index)
      findings.problem({
        path: `${path}.match`,
        expected: "alarms that no earlier rule takes",
        got: `"${rule.match}" after "${rules[first]?.match}"`,
        remedy: "the first rule that matches counts: put the special before the general",
      });
    if (rule.service === undefined && rule.severity === undefined && rule.role === undefined && rule.ignore === undefined)
      findings.problem({ path, expected: "what these alarms mean", got: "only a name", remedy: 'add severity: "P2", role: "cause", service, or ignore: true' });
  }
}

/** Windows whose day comes once a month need a day that every month has. */
export function lintMaintenance(config: LintedConfig, findings: Findings): void {
  for (const [index, window] of config.maintenance.entries())
    if (window.week === 5)
      findings.warning({
        path: `maintenance[${index}].week`,
        expected: "1 to 4",
        got: "5",
        remedy: "most months have no fifth such day: write 4, or know that it opens three or four times a year",
      });
}
