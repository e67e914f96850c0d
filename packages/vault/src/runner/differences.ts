import { type CheckName, checkNames, compareManifests, type Difference } from "@nightshift/decide/backups/compare";
import type { DatabaseManifest } from "@nightshift/model";

/** How a copy is held against its source. Tests hand in another, to show that the verifier notices. */
export type Compare = typeof compareManifests;

/** What differs in a copy, and what differs only because of where it was restored. */
export interface Judged {
  readonly differences: readonly Difference[];
  readonly findings: readonly string[];
  readonly checked: readonly CheckName[];
}

/** What a copy is judged by. */
export interface JudgeAsked {
  readonly source: DatabaseManifest;
  readonly copy: DatabaseManifest;
  readonly withoutExtensions: readonly string[];
  /** The server lacks the source's locale, which was said already. */
  readonly otherLocale: boolean;
  readonly compare?: Compare;
}

/**
 * Holds a copy against its source. A server of another major version writes definitions in other words, and one that lacks a locale sorts
 * otherwise: both are said as findings, and everything else is compared.
 */
export function judgeCopy({ source, copy, withoutExtensions, otherLocale, compare = compareManifests }: JudgeAsked): Judged {
  const otherMajor = source.server.major !== copy.server.major;
  const without: readonly CheckName[] = [...(otherLocale ? (["locale"] as const) : []), ...(otherMajor ? (["schema"] as const) : [])];
  return {
    differences: compare(source, copy, { without, withoutExtensions }),
    findings: otherMajor ? [`definitions were not compared: the source is PostgreSQL ${source.server.major}, the copy ${copy.server.major}`] : [],
    checked: checkNames.filter((name) => !without.includes(name)),
  };
}

/** So many are told; the count says how many there are. */
const MOST_TOLD = 20;

/** The first differences in words. */
export const sayFirst = (differences: readonly { readonly sentence: string }[]): readonly string[] =>
  differences.slice(0, MOST_TOLD).map(({ sentence }) => sentence);
