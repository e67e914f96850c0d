import { sayStamp } from "@nightshift/model";
import type { Told } from "@nightshift/runtime";
import { troubleGroup } from "@nightshift/runtime/backup-incidents";
import type { SampleStory } from "./settings.ts";

/** What is wrong opens one incident, and is told once a cause; that all is well again ends it. A look that finds nothing leaves no record but its sample. */
export function tellSample(story: SampleStory): Told {
  const { verdict, facts } = story;
  const { of, at, trouble } = facts;
  const silent: Told = { incident: undefined, lines: [], verdict: undefined, because: verdict.because };
  const group = troubleGroup(of, "recovery");
  const by = "nightshift/sampler";
  if (verdict.over && trouble !== undefined) {
    const title = `${of}: its backups are as they should be again`;
    return {
      ...silent,
      station: `over/${sayStamp(at)}`,
      incident: { id: trouble.id, group, service: of, severity: "P4", title, openedAt: trouble.openedAt, by, standing: "resolved", titled: false },
      lines: [{ key: `over/${sayStamp(at)}`, at, kind: "resolved", text: `✓ ${title}.`, announce: true }],
      verdict: "fresh",
    };
  }
  const worst = verdict.wrong.toSorted((a, b) => a.severity.localeCompare(b.severity))[0];
  if (worst === undefined) return silent;
  return {
    ...silent,
    station: `wrong/${worst.kind}/${sayStamp(worst.since)}`,
    incident: {
      id: trouble?.id ?? `INC-${sayStamp(worst.since)}-${of}-recovery`,
      group,
      service: of,
      severity: worst.severity,
      title: `${of}: ${worst.says}`.slice(0, 200),
      openedAt: trouble?.openedAt ?? at,
      by,
      standing: "needs-person",
    },
    // Its hour is its key: the next look at the same trouble says nothing new.
    lines: verdict.wrong.map(({ kind, since, says }) => ({
      key: kind === "rpo" ? "rpo" : `${kind}/${sayStamp(since)}`,
      at,
      kind: "seen",
      text: `✗ ${says}`,
      announce: true,
    })),
    verdict: worst.kind,
  };
}
