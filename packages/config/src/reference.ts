import { type Described, describeConfig } from "./describe.ts";
import { reserved } from "./sections/reserved.ts";

const cell = (text: string): string => text.replace(/\|/g, (bar, at: number) => (text[at - 1] === "\\" ? bar : "\\|"));

function row({ path, unit, default: fallback, bounds, says, required }: Described): string {
  const shown = fallback === undefined ? (required ? "**required**" : "–") : `\`${fallback}\``;
  return `| \`${path}\` | ${cell(unit)} | ${cell(shown)} | ${cell(bounds ?? "")} | ${cell(says)} |`;
}

/** The reference of every setting, generated from the schema; stands between the marks in `docs/config.md`. */
export function configReferenceMarkdown(): string {
  const parts = describeConfig().map(({ key, title, says, settings }) =>
    [`### \`${key}\`: ${title}`, "", says, "", "| setting | unit | default | bounds | what it does |", "|---|---|---|---|---|", ...settings.map(row)].join(
      "\n",
    ),
  );
  const later = reserved.map(({ at, key, arrives }) => `| \`${at === "top" ? key : `services.<name>.${key}`}\` | ${arrives} |`);
  return [
    ...parts,
    ["### Not there yet", "", "These are refused by name, so that nobody relies on them.", "", "| setting | arrives with |", "|---|---|", ...later].join("\n"),
  ].join("\n\n");
}
