import { sayWay } from "@nightshift/decide/backups/decide-restore";
import { type EpochMs, sayLength } from "@nightshift/model";
import type { Header, Line, Told } from "@nightshift/runtime";
import { restoreHeader } from "./header.ts";
import type { RestoreStory } from "./settings.ts";

/** A restore is told at each of its stations: somebody waits for it. Its last lines are the exact steps to switch over. */
export const tellRestore = (story: RestoreStory): Told => ({ ...toldOf(story), station: `${story.event.plan}/${story.ending}` });

function toldOf(story: RestoreStory): Told {
  const { facts, verdict } = story;
  const { because } = verdict;
  const order = facts.order;
  if (order === undefined) return { incident: undefined, lines: [], verdict: "left", because };
  const at = saidAt(story);
  const say = (key: string, kind: Line["kind"], text: string): Line => ({ key: `${story.event.plan}/${key}`, at, kind, text, announce: true });
  const head = (standing: Header["standing"], title: string): Header => restoreHeader(facts, order, { standing, title });
  switch (story.ending) {
    case "left":
      return {
        incident: head("needs-person", `${order.of} was not restored: ${because[0] ?? ""}`),
        lines: [say("left", "note", `${order.of} was not restored: ${because.join("; ")}.`)],
        verdict: "left",
        because,
      };
    case "told":
    case "asking":
    case "not-approved":
      return { incident: undefined, lines: [], verdict: story.ending, because };
    case "acting": {
      const { begun } = story.receipt;
      if (begun.kind !== "done") return { incident: undefined, lines: [], verdict: undefined, because };
      const doing = `${sayWay(order, story.verdict.way)}: begun`;
      return { incident: head("working", doing), lines: [say("begun", "acted", doing)], verdict: "begun", because };
    }
    case "acted": {
      const { outcome } = story;
      const { available, restore } = outcome.times;
      // An instance is there when it is available; comparing it comes after.
      const took = available ?? restore;
      const title =
        outcome.kind === "restored"
          ? `${order.of} is restored beside what runs${took === undefined ? "" : ` in ${sayLength(took)}`}: ${outcome.because[0] ?? ""}`
          : `restoring ${order.of} failed: ${outcome.because[0] ?? ""}`;
      const where = outcome.into === undefined ? [] : [say("into", "verified", `It is at ${outcome.into}. What runs was not touched.`)];
      const steps = outcome.steps.map((text, n) => say(`step/${n + 1}`, "planned", `${n + 1}. ${text}`));
      const details = [...outcome.because.slice(1), ...outcome.found].map((text, n) => say(`because/${n}`, "evidence", text));
      return {
        incident: head("needs-person", title.slice(0, 200)),
        lines: [say("ended", outcome.kind === "restored" ? "verified" : "seen", title), ...details, ...where, ...steps],
        verdict: outcome.kind,
        because: outcome.because,
      };
    }
  }
}

/** A line says when it was seen: from the word to the end it is hours. */
function saidAt(story: RestoreStory): EpochMs {
  switch (story.ending) {
    case "acted":
      return story.outcome.at;
    case "acting":
      return story.receipt.begun.at;
    case "left":
    case "told":
    case "asking":
    case "not-approved":
      return story.facts.at;
  }
}
