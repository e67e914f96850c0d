import { type Entry, type EpochMs, type Incident, type TemplateField, sayClock, sayLength } from "@nightshift/model";
import { sayMoment, templateTitle, warRoomTemplate } from "./template.ts";
import { timesOf } from "./times.ts";

/**
 * The draft of a post-mortem in Markdown: the war room template filled from the record, the clocks, the whole timeline,
 * and three questions that only people can answer. Foreign text is made harmless: it stays in its line and its cell.
 */
export function postMortemMarkdown(incident: Incident, now: EpochMs): string {
  return [
    `# ${inLine(templateTitle(incident))}`,
    "",
    `Post-mortem draft of ${incident.id}, written by Nightshift from the incident's record. Lines in *italics* wait for a person.`,
    "",
    ...warRoomTemplate(incident, now)
      .flatMap(({ name, lines, known }) => ["", `## ${name}`, "", ...lines.map((line) => (known ? `- ${inLine(line)}` : `*${inLine(line)}*`))])
      .slice(1),
    "",
    "## Clocks",
    "",
    "| from the first sign | took |",
    "|---|---|",
    ...clocksOf(incident).map(([what, took]) => `| ${what} | ${took} |`),
    "",
    "## Who",
    "",
    ...whoOf(incident),
    "",
    "## Timeline",
    "",
    "All times UTC.",
    "",
    "| time | what | by |",
    "|---|---|---|",
    ...timelineOf(incident).map(({ at, text, actor }) => `| ${sayClock(at)} | ${inCell(text)} | ${inCell(actor ?? "nightshift")} |`),
    "",
    ...evidenceOf(incident),
    ...questions.flatMap(({ field, title, ask }) => [
      `## ${title}`,
      "",
      incident.fields[field] === undefined ? `*${ask}*` : inLine(incident.fields[field]),
      "",
    ]),
  ].join("\n");
}

/** Every entry in order, the first sign and the four moments the template names among them. */
export const timelineOf = (incident: Incident): readonly Pick<Entry, "at" | "text" | "actor">[] => [
  { at: incident.openedAt, text: `Issue detected: ${incident.title}`, actor: incident.by },
  ...incident.entries.map(({ at, text, actor, change }) => ({ at, text: named(change) + text, ...(actor === undefined ? {} : { actor }) })),
];

/** The template's own words for its four moments. */
function named(change: Entry["change"]): string {
  if (change?.what === "announced") return "Team notified: ";
  if (change?.what === "mitigating") return "Fix deployed: ";
  if (change?.what === "resolved") return "Issue resolved: ";
  return "";
}

const clocksOf = (incident: Incident): readonly (readonly [string, string])[] => {
  const { notice, acknowledge, mitigate, resolve } = timesOf(incident);
  const say = (length: typeof notice) => (length === undefined ? "–" : sayLength(length));
  return [
    ["first notice", say(notice)],
    ["acknowledged", say(acknowledge)],
    ["mitigated", say(mitigate)],
    ["resolved", say(resolve)],
  ];
};

function whoOf(incident: Incident): readonly string[] {
  const roles = Object.entries(incident.roles).map(([role, person]) => `- ${role}: ${inLine(person)}`);
  const acked = incident.acked === undefined ? [] : [`- acknowledged by ${inLine(incident.acked.by)} at ${sayMoment(incident.acked.at)}`];
  const paged = incident.pages.map(
    ({ tier, at, people }) => `- tier ${tier} told at ${sayClock(at)}${people.length === 0 ? "" : `: ${people.map(inLine).join(", ")}`}`,
  );
  const all = [...roles, ...acked, ...paged];
  return all.length === 0 ? ["Nobody was needed."] : all;
}

const evidenceOf = ({ evidence }: Incident): readonly string[] =>
  evidence.length === 0
    ? []
    : [
        "## Evidence",
        "",
        ...evidence.flatMap(({ kind, at, lines, stored }) => [
          `- ${sayClock(at)} ${kind}${stored === undefined ? "" : ` (\`${stored.key}\`, sha256 ${stored.sha256.slice(0, 12)})`}`,
          ...lines.map((line) => `  - ${inLine(line)}`),
        ]),
        "",
      ];

const questions: readonly { readonly field: TemplateField; readonly title: string; readonly ask: string }[] = [
  { field: "wentWell", title: "What went well", ask: "What helped? Who or what noticed, decided or repaired quickly?" },
  { field: "wentBadly", title: "What went badly", ask: "What cost time? What was missing, misleading or luck?" },
  { field: "actionItems", title: "Action items", ask: "What will be done, by whom, until when?" },
];

/** One line, with nothing that Markdown or HTML would act on. */
const inLine = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/([\\`*_[\]#!])/g, "\\$1")
    .trim();

const inCell = (text: string): string => inLine(text).replaceAll("|", "\\|");
