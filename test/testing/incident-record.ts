import { foldIncident } from "@nightshift/decide/incidents/fold";
import { postMortemMarkdown } from "@nightshift/decide/incidents/post-mortem";
import { worldFor } from "@nightshift/lab/install/reach";
import type { Recorded } from "@nightshift/lab/kernel";
import type { Stage } from "@nightshift/lab/scenario/stage";
import { textOf } from "@nightshift/lab/slack/read";
import type { Incident } from "@nightshift/model";

/** The nine fields of the war room template (`facts/incidents.md` 6). */
export const templateFields = ["Severity", "Start Time", "End Time", "Duration", "Symptoms", "Root Cause", "Impact", "Resolution", "Prevention"];
const sections = [...templateFields, "Clocks", "Who", "Timeline", "What went well", "What went badly", "Action items"];

/** Every incident of this account, as it stands. */
export const incidentsOf = (stage: Stage): Promise<readonly Incident[]> =>
  stage.lab.run(async () => (await worldFor(stage.lab, stage.world, "test").incidents.list(100)).map(foldIncident));

interface Act {
  readonly at: number;
  readonly what: "acted" | "called";
  readonly about: string;
}

/** What Nightshift did in this account by itself, in the order it happened: what changed production, who was called, what was announced. */
function automaticActions(stage: Stage): readonly Act[] {
  const call = (line: Recorded) => (line.kind === "call" && line.result === "ok" && line.mutating ? line : undefined);
  return stage.lab.history.flatMap((line): readonly Act[] => {
    const made = call(line);
    if (made?.service === "sns") return [{ at: line.at, what: "called", about: "sns" }];
    if (made?.service !== "ecs" || made.caller !== "guard" || !["UpdateService", "StopServiceDeployment"].includes(made.operation)) return [];
    const input = JSON.stringify(made.input);
    return [{ at: line.at, what: "acted", about: [...stage.services.keys()].find((service) => input.includes(service)) ?? "none" }];
  });
}

/**
 * What is missing from the records of a played scenario: a section of the post-mortem, a field of the template in the room of what is
 * over, the first notice, or an automatic action in the timeline.
 */
export const recordProblems = async (stage: Stage): Promise<readonly string[]> => recordProblemsOf(stage, await incidentsOf(stage));

/** The same of incidents that are given. */
export const recordProblemsOf = (stage: Stage, incidents: readonly Incident[]): readonly string[] => [
  ...incidents.flatMap((incident) => problemsOf(stage, incident)),
  ...missing(stage, incidents),
];

function problemsOf(stage: Stage, incident: Incident): readonly string[] {
  const draft = postMortemMarkdown(incident, stage.now());
  const parts = new Map(
    draft
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.split("\n")[0] ?? "", section.split("\n").slice(1).join("").trim()]),
  );
  const lacks = sections.filter((section) => (parts.get(section) ?? "") === "").map((section) => `${incident.id}: the post-mortem lacks "${section}"`);
  const told = stage.lab.slack.channels.flatMap((channel) => channel.messages.filter((one) => textOf(one).includes(incident.id)));
  const thread = told.flatMap((one) => [one, ...one.replies].map(textOf)).join("\n");
  const over = incident.state === "resolved" || incident.state === "closed";
  const unsaid =
    over && told.length > 0 ? templateFields.filter((field) => !thread.includes(`${field}: `)).map((field) => `${incident.id}: the room lacks "${field}"`) : [];
  const announced = incident.state === "merged" || incident.entries.some((entry) => entry.change?.what === "announced");
  return [...lacks, ...unsaid, ...(announced ? [] : [`${incident.id} was never announced`])];
}

/** Actions without a line of their own at their time or shortly after, each line counted once and in order. */
function missing(stage: Stage, incidents: readonly Incident[]): readonly string[] {
  const lines = incidents.flatMap((one) => one.entries).toSorted((a, b) => a.at - b.at);
  const lost: string[] = [];
  const next = { acted: 0, called: 0 };
  for (const { at, what, about } of automaticActions(stage)) {
    const found = lines.findIndex(
      (line, index) =>
        index >= next[what] &&
        Math.abs(line.at - at) <= 60_000 &&
        (what === "acted" ? line.kind === "acted" && line.text.includes(about) : line.kind === "paged" && /SNS/.test(line.text)),
    );
    if (found < 0) lost.push(`${new Date(at).toISOString()} ${what} ${about}`);
    else next[what] = found + 1;
  }
  return lost;
}
