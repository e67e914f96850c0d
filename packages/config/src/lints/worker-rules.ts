import type { Findings } from "../section.ts";
import type { CeleryParsed } from "../sections/workers.ts";
import type { LintedConfig } from "./index.ts";

type Rule = CeleryParsed["utilisation"][number];

/** Rules over CPU and memory say something, and do not contradict themselves. */
export function lintRules(config: LintedConfig, findings: Findings): void {
  for (const [name, { utilisation }] of Object.entries(config.workers)) {
    for (const [index, rule] of utilisation.entries()) {
      const path = `workers.${name}.utilisation[${index}]`;
      if (utilisation.findIndex(({ metric }) => metric === rule.metric) < index)
        findings.problem({ path, expected: "one rule a metric", got: `a second one for ${rule.metric}`, remedy: "write out and in into one rule" });
      lintRule(path, rule, findings);
    }
  }
}

function lintRule(path: string, { metric, out, in: inwards, target }: Rule, findings: Findings): void {
  const example = `${metric}({ out: { above: percent(60), for: minutes(5) }, in: { below: percent(20), for: minutes(10) } })`;
  if (out === undefined && inwards === undefined && target === undefined)
    findings.problem({ path, expected: "out, in or target", got: "none of them", remedy: `write ${example}` });
  if (target !== undefined && (out !== undefined || inwards !== undefined))
    findings.problem({
      path: `${path}.target`,
      expected: "a target alone, or out and in",
      got: "both",
      remedy: "keep one of the two: they would pull against each other",
    });
  if (out !== undefined && inwards !== undefined && inwards.below >= out.above)
    findings.problem({
      path: `${path}.in.below`,
      expected: `less than out.above, percent(${out.above})`,
      got: `percent(${inwards.below})`,
      remedy: `write percent(${Math.max(1, Math.floor(out.above / 3))}): above both it would go out and in by turns`,
    });
}

/** Expected work says how much, and fits below the maximum. */
export function lintExpected(config: LintedConfig, findings: Findings): void {
  for (const [name, { expected, max }] of Object.entries(config.workers)) {
    for (const [index, { tasks, workers, days }] of expected.entries()) {
      const path = `workers.${name}.expected[${index}]`;
      if ((tasks === undefined) === (workers === undefined))
        findings.problem({
          path,
          expected: "tasks or workers, one of them",
          got: tasks === undefined ? "neither" : "both",
          remedy: "write tasks: 10_000 and let it reckon the workers, or workers: 6",
        });
      if (workers !== undefined && workers > max)
        findings.problem({
          path: `${path}.workers`,
          expected: `at most max, ${max}`,
          got: String(workers),
          remedy: `write workers: ${max}, or max: ${workers}`,
        });
      if (days.length === 0)
        findings.problem({ path: `${path}.days`, expected: "at least one day", got: "an empty list", remedy: "leave it out for every day" });
    }
  }
}
