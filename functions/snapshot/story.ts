import { sayLacking } from "@nightshift/decide/backups/snapshot-manifests";
import { sayStamp } from "@nightshift/model";
import type { Header, Line, Told } from "@nightshift/runtime";
import { troubleGroup } from "@nightshift/runtime/backup-incidents";
import type { SnapshotStory } from "./settings.ts";

/** What is red opens an incident, and the first good one after it ends it; a good one among good ones is told by the morning's line and stands in the book. */
export const tellSnapshot = (story: SnapshotStory): Told => ({
  ...toldOf(story),
  // Another day's ending may be told in the same incident.
  station: `${sayStamp(story.facts.scheduled)}/${story.event.series}/${story.ending}`,
});

function toldOf(story: SnapshotStory): Told {
  const { verdict, facts } = story;
  const { because } = verdict;
  switch (story.ending) {
    case "left":
      return story.verdict.red ? red(story, because, "left") : { incident: undefined, lines: [], verdict: "left", because };
    case "told": {
      const title = `${subject(story)} would have been saved`;
      return {
        incident: header(story, { standing: "resolved", title }),
        lines: [line(story, "would", "planned", `${title}. Mode shadow only tells.`)],
        verdict: "told",
        because,
      };
    }
    case "asking":
      return { incident: header(story, { standing: "needs-person", title: `may I save ${subject(story)}?` }), lines: [], verdict: "asking", because };
    case "not-approved":
      return red(story, [story.consent.kind === "denied" ? `${story.consent.by} said no` : "nobody answered"], "not-approved");
    case "acting":
      return { incident: undefined, lines: [], verdict: undefined, because };
    case "acted": {
      const { end } = story.outcome;
      if (end.kind === "red") return red(story, end.because, "red");
      const told = { verdict: "kept", because: end.because };
      const { trouble } = facts;
      const lacks = story.outcome.settled.slices === undefined ? undefined : sayLacking(story.outcome.settled.slices);
      const lines = lacks === undefined ? [] : [line(story, "lacks", "evidence", `${subject(story)}: ${lacks}.`)];
      if (trouble === undefined) {
        // Nobody has to do anything: the snapshot stands, and the next night reads again.
        const title = `${subject(story)} stands without all of its manifests`;
        return { ...told, incident: lines.length === 0 ? undefined : header(story, { standing: "resolved", title }), lines };
      }
      const again = {
        ...header(story, { standing: "resolved", title: `${subject(story)} is saved again` }),
        id: trouble.id,
        openedAt: trouble.openedAt,
        titled: false as const,
      };
      return { ...told, incident: again, lines: [line(story, "again", "resolved", `✓ ${subject(story)} is saved again.`), ...lines] };
    }
  }
}

const words = {
  "rds-snapshot": "the RDS snapshot",
  "dynamodb-backup": "the DynamoDB backup",
  "cache-snapshot": "the ElastiCache snapshot",
  media: "the media",
  configuration: "the copy of the configuration",
} as const;
const subject = ({ facts, event }: SnapshotStory): string =>
  facts.settings.subject.kind === "mirror"
    ? `the mirror of ${facts.settings.subject.repository}`
    : facts.subject.kind === "configuration"
      ? words.configuration
      : `${words[facts.subject.kind]} of ${event.of}`;

function red(story: SnapshotStory, because: readonly string[], verdict: string): Told {
  const title = `${subject(story)}: ${because[0] ?? "it was not saved"}`.slice(0, 200);
  return {
    incident: { ...header(story, { standing: "needs-person", title }), severity: "P3" },
    lines: because.map((text, n) => line(story, `red/${n}`, "seen", n === 0 ? `✗ ${subject(story)}: ${text}` : text)),
    verdict,
    because,
  };
}

const header = ({ event, facts }: SnapshotStory, { standing, title }: Pick<Header, "standing" | "title">): Header => ({
  id: `INC-${sayStamp(facts.scheduled)}-${event.of}-snapshot${event.series === "nightly" ? "" : `-${event.series}`}`,
  group: troubleGroup(event.of, "snapshots"),
  service: event.of,
  severity: "P4",
  title,
  openedAt: facts.at,
  by: "nightshift/snapshot",
  standing,
});

const line = ({ facts, event }: SnapshotStory, key: string, kind: Line["kind"], text: string): Line => ({
  key: `${sayStamp(facts.scheduled)}/${event.series}/${key}`,
  at: facts.at,
  kind,
  text,
  announce: true,
});
