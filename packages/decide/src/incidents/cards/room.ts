import type { Card, Incident, IncidentPolicy } from "@nightshift/model";
import { cut, headline } from "./words.ts";

/** The first words in an incident's own channel: what it is for, and what can be said here. */
export function roomIntroCard(incident: Incident, policy: Pick<IncidentPolicy, "zone">): Card {
  return {
    summary: cut(`The room of ${headline(incident, policy)}`, 300),
    parts: [
      { kind: "text", text: ["This is the room of ", { bold: cut(headline(incident, policy), 200) }, ". What is found and done stands here from now on."] },
      {
        kind: "lines",
        lines: [
          ["Take it: ", { code: "/ops ack" }, "   who leads: ", { code: "/ops role ic @somebody" }],
          ["Note what matters: ", { code: '/ops note "…"' }, ", or the message's own menu: Add to incident timeline"],
          ["The record's fields: ", { code: '/ops field impact "…"' }, ", rootCause, resolution, prevention"],
          ["Stop everything automatic: ", { code: "/ops hold all" }],
        ],
      },
    ],
  };
}

/** What the thread of an incident says that was merged; `where` is its new thread, where that can be linked. */
export function mergedCard(
  incident: Incident,
  into: { readonly id: string; readonly title: string; readonly where?: string },
  policy: Pick<IncidentPolicy, "zone">,
): Card {
  const name = cut(`${into.id}: ${into.title}`, 200);
  return {
    summary: cut(`${headline(incident, policy)}: part of ${into.id} now`, 300),
    parts: [
      { kind: "text", text: ["This is part of ", into.where === undefined ? { bold: name } : { link: into.where, text: name }, " now. Please go on there."] },
    ],
  };
}
