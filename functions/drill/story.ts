import { sayShare } from "@nightshift/decide/backups/sandwich";
import { sayMany, sayShort } from "@nightshift/decide/backups/say";
import { sayLength, sayStamp } from "@nightshift/model";
import type { Header, Line, Told } from "@nightshift/runtime";
import { troubleGroup } from "@nightshift/runtime/backup-incidents";
import { drillTimes } from "./prove.ts";
import type { DrillOutcome, DrillStory } from "./settings.ts";

/** A drill is told whole each time: it is rare, costs money, and is what a team's promise of recovery stands on. */
export const tellDrill = (story: DrillStory): Told => ({ ...toldOf(story), station: `${sayStamp(story.facts.scheduled)}/${story.ending}` });

function toldOf(story: DrillStory): Told {
  const { verdict } = story;
  const { because } = verdict;
  const of = story.event.of;
  switch (story.ending) {
    case "left":
      return story.verdict.red ? red(story, because, "left") : { incident: undefined, lines: [], verdict: "left", because };
    case "told": {
      const title = `a drill of ${of} would have been run`;
      return {
        incident: header(story, { standing: "resolved", title }),
        lines: [line(story, "would", "planned", `${title} ${because.join("; ")}. Mode shadow only tells.`)],
        verdict: "told",
        because,
      };
    }
    case "asking":
      return { incident: header(story, { standing: "needs-person", title: `may I run a drill of ${of}?` }), lines: [], verdict: "asking", because };
    case "not-approved":
      return red(story, [story.consent.kind === "denied" ? `${story.consent.by} said no` : "nobody answered"], "not-approved");
    case "acting":
      return { incident: undefined, lines: [], verdict: undefined, because };
    case "acted": {
      const { outcome } = story;
      if (outcome.kind === "red") return red(story, [...outcome.because, ...sayAgainst(outcome)], "red");
      const title = `drill of ${of}: restored and compared without a difference`;
      return {
        incident: header(story, { standing: "resolved", title }),
        lines: [
          line(story, "proven", "verified", sayProven(story)),
          ...(outcome.end?.findings ?? []).map((text, n) => line(story, `found/${n}`, "evidence", text)),
        ],
        verdict: "proven",
        because,
      };
    }
  }
}

function sayProven({ event, verdict, outcome }: Extract<DrillStory, { ending: "acted" }>): string {
  const { end, deleted } = outcome;
  const { available, hydrated, verified } = drillTimes(outcome);
  const counted = [
    ...(end?.tables === undefined ? [] : [sayMany(end.tables, "table")]),
    ...sayRows(end),
    "0 differences",
    ...(end?.structures === undefined ? [] : [end.structures === "sound" ? "indexes sound" : `indexes ${end.structures}`]),
  ];
  return [
    `✓ drill of ${event.of}  restored ${verdict.because[0] ?? ""}`,
    ...(available === undefined ? [] : [`available in ${sayLength(available)}`]),
    ...(hydrated === undefined ? [] : [`hydrated in ${sayLength(hydrated)}`]),
    ...(verified === undefined ? [] : [`verified in ${sayLength(verified)}`]),
    counted.join(", "),
    deleted ? "deleted" : "not deleted",
  ].join(" · ");
}

/** No row is counted as compared that changed between the readings. */
function sayRows(end: DrillOutcome["end"]): readonly string[] {
  if (end?.rows === undefined) return [];
  const { proven, rows } = end;
  if (proven === undefined || proven.rows === rows) return [sayMany(rows, "row")];
  const still = rows === 0 ? "" : ` (${sayShare((100 * proven.rows) / rows)}, in ${proven.tables} of ${sayMany(proven.ofTables, "table")} with rows)`;
  return [`${sayShort(proven.rows)} of ${sayMany(rows, "row")} proven${still}`];
}

/** What it was held against, and what could not be: whoever looks for the fault has to know which two readings say so. */
const sayAgainst = ({ end }: DrillOutcome): readonly string[] =>
  (end?.findings ?? []).filter((finding) => finding.startsWith("held against ") || finding.startsWith("not provable: "));

function red(story: DrillStory, because: readonly string[], verdict: string): Told {
  const title = `the drill of ${story.event.of} is red: ${because[0] ?? "it was not run"}`.slice(0, 200);
  return {
    incident: { ...header(story, { standing: "needs-person", title }), severity: "P3" },
    lines: because.map((text, n) => line(story, `red/${n}`, n === 0 ? "seen" : "evidence", n === 0 ? `✗ drill of ${story.event.of}: ${text}` : text)),
    verdict,
    because,
  };
}

const header = ({ event, facts }: DrillStory, { standing, title }: Pick<Header, "standing" | "title">): Header => ({
  id: `INC-${sayStamp(facts.scheduled)}-${event.of}-drill`,
  group: troubleGroup(event.of, "drills"),
  service: event.of,
  severity: "P4",
  title,
  openedAt: facts.at,
  by: "nightshift/drill",
  standing,
});

const line = ({ facts }: DrillStory, key: string, kind: Line["kind"], text: string): Line => ({
  key: `${sayStamp(facts.scheduled)}/${key}`,
  at: facts.at,
  kind,
  text,
  announce: true,
});
