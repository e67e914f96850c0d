import { type Card, type Entry, type EpochMs, type Incident, type IncidentPolicy, sayLength, since } from "@nightshift/model";
import { linesOf, replyCard } from "./reply.ts";
import { few, headline, moment } from "./words.ts";

/** Lines of one digest; the record has all. */
const MOST_LINES = 40;

/** Everything that happened while Slack was away, in one message instead of many late ones. */
export function digestCard(
  incident: Incident,
  entries: readonly Entry[],
  { away, policy }: { readonly away: { readonly from: EpochMs; readonly to: EpochMs }; readonly policy: Pick<IncidentPolicy, "people" | "zone"> },
): Card {
  const question = replyCard(incident, entries, policy).parts.filter(({ kind }) => kind === "buttons");
  const length = sayLength(since(away.from, away.to));
  return {
    summary: `${headline(incident, policy)}: Slack was away for ${length}; ${entries.length} lines since`.slice(0, 300),
    parts: [
      { kind: "text", text: [{ bold: `Slack was away for ${length}` }, " (", moment(away.from), " to ", moment(away.to), "). Meanwhile:"] },
      {
        kind: "lines",
        lines: few(
          entries.flatMap((entry) => linesOf(entry, policy)),
          MOST_LINES,
          (left) => `and ${left} more in the record: /ops show ${incident.id}`,
        ),
      },
      ...question,
    ],
  };
}
