import { nearest } from "../nearest.ts";
import type { Findings } from "../section.ts";
import type { LintedConfig } from "./index.ts";

const groupsOf = (config: LintedConfig): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>();
  for (const [name, service] of Object.entries(config.services)) {
    const group = service.group ?? name;
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return groups;
};

/** Groups that look like one group written twice, and members that disagree about the mode. */
export function lintGroups(config: LintedConfig, findings: Findings): void {
  const groups = groupsOf(config);
  for (const [group, members] of groups) {
    const [only] = members;
    const named = members.length === 1 && only !== undefined && config.services[only]?.group !== undefined;
    const others = [...groups].filter(([name, theirs]) => name !== group && (theirs.length > 1 || name < group)).map(([name]) => name);
    const meant = named ? nearest(group, others) : undefined;
    if (meant !== undefined) {
      findings.warning({
        path: `services.${only}.group`,
        expected: "a group that other services share",
        got: `"${group}", with one member`,
        remedy: `did you mean "${meant}"? otherwise ${only} would stay behind when ${meant} rolls back`,
      });
    }
    const modes = new Set(members.map((member) => config.services[member]?.mode ?? config.mode));
    if (modes.size > 1) {
      findings.warning({
        path: `services.${members.at(-1)}.mode`,
        expected: `one mode for all of group "${group}"`,
        got: [...modes].join(" and "),
        remedy: "a group rolls back whole, so its most careful mode counts: give all members the same",
      });
    }
  }
}

/** Service names that differ only in case or punctuation, and target groups that two services claim. */
export function lintNames(config: LintedConfig, findings: Findings): void {
  const seen = new Map<string, string>();
  const targets = new Map<string, string>();
  for (const [name, service] of Object.entries(config.services)) {
    const plain = name.toLowerCase().replace(/[_-]/g, "");
    const twin = seen.get(plain);
    if (twin !== undefined) {
      findings.problem({
        path: `services.${name}`,
        expected: "a name that nobody mistakes for another service",
        got: `"${name}" beside "${twin}"`,
        remedy: "keep the one that `aws ecs list-services` prints; if both exist, guard them from two configs",
      });
    }
    seen.set(plain, name);
    const target = service.traffic?.targetGroup.replace(/^.*:targetgroup/, "targetgroup");
    const owner = target === undefined ? undefined : targets.get(target);
    if (owner !== undefined) {
      findings.warning({
        path: `services.${name}.traffic.targetGroup`,
        expected: "a target group of its own",
        got: `the target group of ${owner}`,
        remedy: `errors of ${owner} would count against ${name}: check which service owns it`,
      });
    }
    if (target !== undefined) targets.set(target, name);
  }
}
