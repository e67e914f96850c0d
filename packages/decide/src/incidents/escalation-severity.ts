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
