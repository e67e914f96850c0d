import { sayMany } from "@nightshift/decide/backups/say";
import { sayStamp } from "@nightshift/model";
import type { Header, Line, Told } from "@nightshift/runtime";
import { troubleGroup } from "@nightshift/runtime/backup-incidents";
import type { PruneStory } from "./settings.ts";

/** A retention that stopped is told, because the store only grows until somebody looks; what it deleted stands on record alone. */
export function tellPruning(story: PruneStory): Told {
  const { verdict, facts } = story;
  const { because } = verdict;
  const silent: Told = { incident: undefined, lines: [], verdict: undefined, because };
  switch (story.ending) {
    case "left":
      return story.verdict.stopped ? stopped(story) : { ...silent, verdict: "left" };
    case "told":
      if (story.verdict.cloud.length + (story.verdict.plan?.removed.length ?? 0) === 0) return silent;
      return {
        ...silent,
        station: `would/${sayStamp(facts.at)}`,
        verdict: "told",
        incident: header(story, { standing: "resolved", title: `old backups of ${facts.of} would have been deleted`, severity: "P4" }),
        lines: [
          line(
            story,
            `would/${sayStamp(facts.at)}`,
            "planned",
            `These backups of ${facts.of} would have been deleted: ${because.join("; ")}. Mode shadow only tells.`,
          ),
        ],
      };
    case "asking":
    case "not-approved":
    case "acting":
      return silent;
    case "acted": {
      const { outcome } = story;
      const also = [
        ...(outcome.cleared === 0 ? [] : [`${sayMany(outcome.cleared, "object")} of runs that died went`]),
        ...(outcome.locked === 0 ? [] : [`${sayMany(outcome.locked, "backup")} locked for longer`]),
      ];
      if (outcome.unlocked.length > 0) return unlocked(story, [...outcome.left, ...also]);
      if (outcome.kind === "some") return { ...silent, verdict: "some", because: [...outcome.left, ...also] };
      const pruned = story.receipt.removed.length + also.length === 0 ? silent : { ...silent, verdict: "pruned", because: [...because, ...also] };
      return facts.trouble === undefined ? pruned : over(story, pruned);
    }
  }
}

function stopped(story: PruneStory): Told {
  const { facts, verdict } = story;
  const why = verdict.because[0] ?? "";
  return {
    verdict: "stopped",
    because: verdict.because,
    // The same reason on another day is no news.
    station: `stopped/${why.slice(0, 40)}`,
    incident: header(story, { standing: "needs-person", title: `retention of ${facts.of} stopped: ${why}`.slice(0, 200), severity: "P3" }),
    lines: [
      line(
        story,
        `stopped/${why.slice(0, 40)}`,
        "seen",
        `✗ no backup of ${facts.of} is deleted any more: ${why}. Nothing is lost by waiting; the store grows. See npx nightshift backup status ${facts.of}`,
      ),
    ],
  };
}

/** Retention goes on after it had stopped, or what could not be locked is. */
const over = (story: PruneStory, pruned: Told): Told => ({
  ...pruned,
  verdict: pruned.verdict ?? "over",
  station: `over/${sayStamp(story.facts.at)}`,
  incident: header(story, { standing: "resolved", title: `retention of ${story.facts.of} goes on`, severity: "P4" }),
  lines: [
    line(
      story,
      `over/${sayStamp(story.facts.at)}`,
      "resolved",
      `✓ retention of ${story.facts.of} goes on: nothing is in its way any more, and what is kept is locked`,
    ),
  ],
});

/** What is kept and could be deleted by whoever gets hold of the bucket: told, since no proof of the backup itself would show it. */
function unlocked(story: Extract<PruneStory, { ending: "acted" }>, also: readonly string[]): Told {
  const { facts, outcome } = story;
  const why = outcome.unlocked[0] ?? "";
  const many = sayMany(outcome.unlocked.length, "backup");
  const station = `unlocked/${sayStamp(facts.at)}`;
  return {
    verdict: "some",
    because: [...outcome.unlocked, ...also],
    station,
    incident: header(story, { standing: "needs-person", title: `${many} of ${facts.of} could not be locked for longer`, severity: "P4" }),
    lines: [
      line(
        story,
        station,
        "seen",
        `✗ ${many} of ${facts.of} could not be locked for longer: ${why}. They stand and are kept; only their Object Lock ends too soon, and the next night tries again`,
      ),
    ],
  };
}

const header = ({ facts }: PruneStory, { standing, title, severity }: Pick<Header, "standing" | "title" | "severity">): Header => ({
  id: facts.trouble?.id ?? `INC-${sayStamp(facts.at)}-${facts.of}-retention`,
  group: troubleGroup(facts.of, "retention"),
  service: facts.of,
  severity,
  title,
  openedAt: facts.trouble?.openedAt ?? facts.at,
  by: "nightshift/prune",
  standing,
  titled: false,
});

const line = ({ facts }: PruneStory, key: string, kind: Line["kind"], text: string): Line => ({
  key: `retention/${key}`,
  at: facts.at,
  kind,
  text,
  announce: true,
});
