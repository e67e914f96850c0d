import { lateAfterOf } from "@nightshift/decide/backups/decide-night";
import { sayNewestProven, sayTaken } from "@nightshift/decide/backups/say";
import { rowAfter } from "@nightshift/decide/backups/judge-run";
import { type BackupRecord, days, sayClock, sayDate, sayStamp, type Severity, since } from "@nightshift/model";
import { guard } from "@nightshift/model/guards";
import type { Header, Line, Told } from "@nightshift/runtime";
import { troubleGroup } from "@nightshift/runtime/backup-incidents";
import type { NightStory } from "./settings.ts";

/** A red night opens an incident, and the first good one after it ends it; a good night among good ones is one line in the channel (remember.ts). */
export const tellNight = (story: NightStory): Told => ({
  ...toldOf(story),
  // Another night's ending may be told in the same incident.
  station: `${sayStamp(story.facts.scheduled)}/${story.event.series}/${story.ending}`,
});

function toldOf(story: NightStory): Told {
  const { verdict } = story;
  const because = verdict.because;
  switch (story.ending) {
    case "left":
      if (story.verdict.red) return red(story, { verdict: "left", because: because[0] ?? "it could not be taken", more: [] });
      if (isAskedFor(story) && guard("a person's request is answered")) {
        const title = `${name(story)} was not taken: ${because[0] ?? ""}`;
        return {
          incident: header(story, { standing: "resolved", title: title.slice(0, 200) }),
          lines: [line(story, "left", "note", `${title}. Ask again when that is over: /ops backup now ${story.event.of}`)],
          verdict: "left",
          because,
        };
      }
      return { incident: undefined, lines: [], verdict: "left", because };
    case "told":
      return {
        incident: header(story, { standing: "resolved", title: `${name(story)} would have been taken` }),
        lines: [
          line(
            story,
            "would",
            "planned",
            `${name(story)} would have been taken and ${story.verdict.proves ? "proven" : "kept"}: ${because.join("; ")}. Mode shadow only tells.`,
          ),
        ],
        verdict: "told",
        because,
      };
    case "asking":
      return { incident: header(story, { standing: "needs-person", title: `${name(story)}: may I take it?` }), lines: [], verdict: "asking", because };
    case "not-approved": {
      const { consent } = story;
      const word = consent.kind === "denied" ? `${consent.by} said no` : "nobody answered";
      return red(story, { verdict: "not-approved", because: word, more: [] });
    }
    case "acting":
      return { incident: undefined, lines: [], verdict: undefined, because };
    case "acted":
      return acted(story);
  }
}

/** Whether a person waits for it. */
const isAskedFor = ({ event }: NightStory): boolean => event.by !== undefined || event.series === "manual";

const name = ({ facts, event }: NightStory): string => `the backup of ${event.of} of ${sayDate(facts.scheduled)} ${sayClock(facts.scheduled)} UTC`;

function acted(story: Extract<NightStory, { ending: "acted" }>): Told {
  const { night } = story.outcome;
  const { facts, verdict, event } = story;
  if (night.kind === "red") {
    const more = [...(night.end?.differences ?? []), ...(night.end?.findings ?? [])].filter((one) => one !== night.because);
    return red(story, { verdict: `red: ${night.state}`, because: night.because, more });
  }
  const told = { verdict: night.kind, because: verdict.because };
  const { trouble } = facts;
  if (trouble === undefined) return { ...told, incident: undefined, lines: [] };
  // What is proven again ends the trouble; what was only taken does not.
  if (night.kind === "taken") return { ...told, incident: undefined, lines: [] };
  const row = rowAfter({ ...blank, id: verdict.id, of: event.of, scheduled: facts.scheduled }, night, facts.at);
  return {
    ...told,
    incident: {
      ...header(story, { standing: "resolved", title: `${event.of}: its newest backup is proven` }),
      id: trouble.id,
      openedAt: trouble.openedAt,
      titled: false,
    },
    lines: [line(story, "proven", "resolved", `✓ ${event.of}  ${sayTaken(row)}`)],
  };
}

const blank: Pick<BackupRecord, "kind" | "series" | "state" | "proof" | "times" | "version"> = {
  kind: "dump",
  series: "nightly",
  state: "running",
  proof: "none",
  times: {},
  version: 0,
};

/** Names what is wrong, where, and what is still proven. */
function red(story: NightStory, { verdict, because, more }: { readonly verdict: string; readonly because: string; readonly more: readonly string[] }): Told {
  const { facts } = story;
  const lines = [
    line(story, "red", "seen", `✗ ${name(story)} is red: ${because}. ${sayNewestProven(facts.rows, facts.at)}`),
    ...more.map((text, n) => line(story, `red/${n}`, "evidence", text)),
  ];
  const title = `${name(story)} is red: ${because}`.slice(0, 200);
  return { incident: { ...header(story, { standing: "needs-person", title }), severity: severityOf(story) }, lines, verdict, because: [because] };
}

/** Graver when nothing was proven for a day and two late nights. */
function severityOf({ facts, verdict }: NightStory): Severity {
  const newest = facts.rows.findLast((row) => row.state === "verified")?.contentsOf;
  const late = verdict.kind === "take" ? verdict.lateAfter : lateAfterOf(facts.rows, { maxDuration: undefined });
  return newest === undefined || since(newest, facts.at) > days(1) + 2 * late ? "P2" : "P3";
}

function header({ event, facts }: NightStory, { standing, title }: Pick<Header, "standing" | "title">): Header {
  return {
    id: `INC-${sayStamp(facts.scheduled)}-${event.of}-backup${event.series === "nightly" ? "" : `-${event.series}`}`,
    group: troubleGroup(event.of),
    service: event.of,
    severity: "P4",
    title,
    openedAt: facts.at,
    by: "nightshift/night",
    standing,
  };
}

const line = ({ facts, event }: NightStory, key: string, kind: Line["kind"], text: string): Line => ({
  key: `${sayStamp(facts.scheduled)}/${event.series}/${key}`,
  at: facts.at,
  kind,
  text,
  announce: true,
});
