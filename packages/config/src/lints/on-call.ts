import { nearest } from "../nearest.ts";
import type { Findings } from "../section.ts";
import { weekdayOfDate } from "../sections/moments.ts";
import type { RotaParsed } from "../sections/on-call.ts";
import type { LintedConfig } from "./index.ts";

/** A ladder's rungs, as the schema lets them through. */
type Ladder = LintedConfig["severities"]["P1"]["tiers"];

/** Everybody on call is somebody, can be reached, and each turn has a beginning. */
export function lintOnCall(config: LintedConfig, findings: Findings): void {
  const { tier2, tier3 } = config.escalation;
  const rotas: readonly (readonly [string, RotaParsed | undefined])[] = [
    ["onCall", config.onCall],
    ["escalation.tier2.who", tier2.who],
    ["escalation.tier3.who", tier3.who],
  ];
  for (const [path, rota] of rotas) if (rota !== undefined) lintRota(path, rota, config, findings);
  if (config.onCall === undefined && tier2.who === undefined && tier3.who === undefined && Object.keys(config.people).length > 0)
    findings.warning({
      path: "onCall",
      expected: "somebody who is told first",
      got: "nobody",
      remedy: 'add onCall: rotation({...}) or always(["lead"]): until then only the SNS topics are told, and nobody by name',
    });
  if (config.onCall === undefined && (tier2.who !== undefined || tier3.who !== undefined))
    findings.problem({
      path: "onCall",
      expected: "somebody on tier 1 before somebody on a higher one",
      got: "nobody",
      remedy: 'add onCall: rotation({...}) or always(["lead"]): tier 1 is told first',
    });
  if (tier2.who === undefined && tier3.who !== undefined)
    findings.problem({
      path: "escalation.tier2.who",
      expected: "somebody on tier 2 before somebody on tier 3",
      got: "nobody",
      remedy: "name who is told second, or move the people of tier 3 to tier 2",
    });
  for (const [severity, { tiers }] of Object.entries(config.severities)) lintLadder(`severities.${severity}.tiers`, tiers, findings);
}

function lintRota(path: string, rota: RotaParsed, config: LintedConfig, findings: Findings): void {
  if (rota.kind === "slack-group") {
    if (config.channels.ops === undefined && config.channels.incidents === undefined)
      findings.problem({
        path,
        expected: "people who can be told without Slack",
        got: "a Slack user group, and no channel",
        remedy: 'add channels: { ops: "C0123ABCD" }, or name people',
      });
    return;
  }
  if (rota.people.length === 0)
    findings.problem({
      path: `${path}.people`,
      expected: "at least one person",
      got: "an empty list",
      remedy: "name somebody of people, or leave the rota out",
    });
  for (const [index, name] of rota.people.entries()) lintOnDuty(`${path}.people[${index}]`, name, config, findings);
  if (rota.kind === "rotation") lintTurns(path, rota, findings);
}

function lintOnDuty(path: string, name: string, config: LintedConfig, findings: Findings): void {
  const known = Object.keys(config.people);
  if (!Object.hasOwn(config.people, name)) {
    const meant = nearest(name, known);
    findings.problem({
      path,
      expected: known.length === 0 ? "a name from people" : `one of ${known.join(", ")}`,
      got: `"${name}", who is nobody`,
      remedy: meant === undefined ? `add people: { ${name}: { slack: "U0123ABCD", roles: ["responder"] } }` : `did you mean "${meant}"?`,
    });
  } else if (config.people[name]?.slack === undefined) {
    findings.warning({
      path: `people.${name}.slack`,
      expected: "a Slack member id: this person is on call",
      got: "nothing",
      remedy: 'add slack: "U0123ABCD": until then only the SNS topics reach them',
    });
  }
}

function lintTurns(path: string, rota: Extract<RotaParsed, { kind: "rotation" }>, findings: Findings): void {
  const [day] = rota.handoff.split(" ");
  const begins = rota.from === undefined ? undefined : weekdayOfDate(rota.from);
  if (day !== "daily" && begins !== undefined && begins !== day)
    findings.problem({
      path: `${path}.from`,
      expected: `a ${day}, the day of the hand-over`,
      got: `${rota.from}, a ${begins}`,
      remedy: `write a date that is a ${day}, or leave it out: then turns are counted from the first ${day} of 2026`,
    });
}

/** Tiers are told one after the other, each by at least one means. */
function lintLadder(path: string, tiers: Ladder, findings: Findings): void {
  for (const [index, rung] of tiers.entries()) {
    const before = tiers[index - 1];
    if (before !== undefined && (rung.tier < before.tier || rung.after < before.after))
      findings.problem({
        path: `${path}[${index}]`,
        expected: "a tier and a time not before those of the line above",
        got: rung.tier < before.tier ? `tier ${rung.tier} after tier ${before.tier}` : "an earlier time",
        remedy: "order the ladder: tier 1 first, later tiers later",
      });
    if (rung.by.length === 0)
      findings.problem({ path: `${path}[${index}].by`, expected: "at least one means", got: "an empty list", remedy: 'write by: ["slack-dm", "sns"]' });
  }
}
