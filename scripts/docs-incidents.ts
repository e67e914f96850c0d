import { resolve } from "@nightshift/config";
import { usageOf, verbs, verbNames } from "@nightshift/decide/commands/verbs";
import { type Ms, sayLength, type SeverityPolicy } from "@nightshift/model";
import config from "../nightshift.config.ts";

const row = (...cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** Every verb of `/ops`: how it is written, who may, what it does. */
export function verbTableMarkdown(): string {
  const lines = verbNames.map((verb) => row(`\`${usageOf(verb)}\``, verbs[verb].role, verbs[verb].does));
  return [row("written", "who", "does"), row("---", "---", "---"), ...lines].join("\n");
}

const length = (it: Ms | undefined): string => (it === undefined ? "–" : sayLength(it));

/** How incidents of each severity are run where the config says nothing else. */
export function severityTableMarkdown(): string {
  const { severities } = resolve(config).incidents;
  const one = (name: string, policy: SeverityPolicy): string =>
    row(
      name,
      length(policy.groupWait),
      length(policy.ackWithin),
      policy.tiers.map(({ tier, after, by }) => `tier ${tier} at ${sayLength(after)} (${by.join(", ")})`).join("; ") || "nobody",
      length(policy.ackLasts),
      length(policy.quietFor),
      policy.room ? "yes" : "no",
      policy.postMortem ? "required" : "no",
    );
  return [
    row(
      "",
      "first notice after",
      "acknowledge within",
      "who is told when, unless somebody acknowledged",
      "an acknowledgement lasts",
      "quiet before it is over",
      "channel of its own",
      "post-mortem",
    ),
    row(...Array.from({ length: 8 }, () => "---")),
    ...Object.entries(severities).map(([name, policy]) => one(name, policy)),
  ].join("\n");
}
