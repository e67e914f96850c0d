import { type EpochMs, epochMs, type Incident, type Severity } from "@nightshift/model";
import { hasRung, worse } from "./alarms.ts";

/** When it became as grave as it is by getting worse; its opening where it never did. Lowering it by a person's word starts nothing anew. */
export function severitySince(incident: Incident): EpochMs {
  let stands = incident.openedAs ?? incident.severity;
  let since = incident.openedAt;
  for (const { at, to, word } of signsOf(incident)) {
    const next = word ? to : worse(stands, to);
    if (next < stands) since = at;
    stands = next;
  }
  return epochMs(Math.max(since, incident.openedAt));
}

/**
 * How grave people were told that it is, up to this moment: by the first notice, by a line, or by a page. A person's word
 * is what it says; what rules and automations say only raises. Undefined moment: all that was said.
 */
export function toldSeverity(incident: Incident, until?: EpochMs): Severity {
  const { announcedAt, entries } = incident;
  let told = announcedAt === undefined ? (incident.openedAs ?? incident.severity) : severityAt(incident, epochMs(Math.min(announcedAt, until ?? announcedAt)));
  for (const { at, key, change } of entries) {
    if (until !== undefined && at > until) break;
    if (change?.what === "announced" && change.severity !== undefined && at === announcedAt) told = change.severity;
    if (announcedAt === undefined || at < announcedAt) continue;
    if (change?.what === "severity") told = change.by === "person" ? change.to : worse(told, change.to);
    if (change?.what === "standing" && change.severity !== undefined) told = worse(told, change.severity);
    if (change?.what === "paged") told = worse(told, pagedAs(key) ?? told);
  }
  return told;
}

/** The severity that a page's key names: `paged/0/P1/2.1`. */
// The pattern admits P1 to P4 only.
const pagedAs = (key: string): Severity | undefined => /^paged\/\d+\/(P[1-4])\//.exec(key)?.[1] as Severity | undefined;

function severityAt(incident: Incident, at: EpochMs): Severity {
  const signs = signsOf(incident).filter((sign) => sign.at <= at);
  return signs.reduce<Severity>((stands, { to, word }) => (word ? to : worse(stands, to)), incident.openedAs ?? incident.severity);
}

interface Sign {
  readonly at: EpochMs;
  readonly to: Severity;
  /** A person's word stands over every sign before it. */
  readonly word: boolean;
}

function signsOf({ entries, alarms }: Incident): readonly Sign[] {
  const words = entries.flatMap(({ at, change }): readonly Sign[] => {
    if (change?.what === "severity") return [{ at, to: change.to, word: change.by === "person" }];
    return change?.what === "standing" && change.severity !== undefined ? [{ at, to: change.severity, word: false }] : [];
  });
  const lastWord = Math.max(0, ...words.filter((one) => one.word).map((one) => one.at));
  const rung = alarms.filter(hasRung).map((one): Sign => ({ at: one.first > lastWord ? one.first : one.rang, to: one.severity, word: false }));
  return [...words, ...rung].toSorted((a, b) => a.at - b.at || Number(a.word) - Number(b.word));
}
