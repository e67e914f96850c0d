import { type Ms, ms, sayLength } from "@nightshift/model";
import { type CloudTime, type CloudTimeName, cloudTimes, type Sureness } from "./cloud-times.ts";

/** One stretch of a way back, or of what it loses. */
export interface WayPart {
  readonly what: string;
  readonly usual: Ms;
  readonly worst: Ms;
  readonly sure: Sureness;
  readonly source: string;
}
/** One way to get back, or to lose little: its parts follow one another. */
export interface RecoveryWay {
  readonly by: string;
  readonly parts: readonly WayPart[];
}

/** One promise of a product's document. */
export interface RecoveryTarget {
  readonly kind: "RPO" | "RTO";
  /** What happened: `the database is damaged`, `the region is lost`. */
  readonly when: string;
  /** Absent: the document promises nothing. */
  readonly asked: Ms | undefined;
  /** What the document says, and where. */
  readonly says: string;
  /** The ways that the product has; none: there is no way at all. */
  readonly ways: readonly RecoveryWay[];
  /** Why there is no way, or what else must be said. */
  readonly remark?: string;
}

/** How a promise stands. `at risk`: on an ordinary day, and not on a bad one. */
export type TargetStands = "met" | "at risk" | "cannot be met" | "no target";

/** A promise, judged. */
export interface JudgedTarget {
  readonly target: RecoveryTarget;
  readonly stands: TargetStands;
  /** The best way, the fewest minutes on a bad day; undefined where there is none. */
  readonly way: RecoveryWay | undefined;
  readonly usual: Ms | undefined;
  readonly worst: Ms | undefined;
  /** One sentence. */
  readonly because: string;
}

/** Holds a promise against the best way that there is. */
export function judgeTarget(target: RecoveryTarget): JudgedTarget {
  const way = target.ways.toSorted((a, b) => sum(a, "worst") - sum(b, "worst"))[0];
  if (way === undefined)
    return {
      target,
      stands: target.asked === undefined ? "no target" : "cannot be met",
      way,
      usual: undefined,
      worst: undefined,
      because: target.remark ?? "there is no way back",
    };
  const [usual, worst] = [sum(way, "usual"), sum(way, "worst")];
  const stands = standsAt(target.asked, { usual, worst });
  const because = `${sayWhy(stands, target.asked, { way, usual, worst })}${target.remark === undefined ? "" : `; ${target.remark}`}`;
  return { target, stands, way, usual, worst, because };
}

function standsAt(asked: Ms | undefined, { usual, worst }: { readonly usual: Ms; readonly worst: Ms }): TargetStands {
  if (asked === undefined) return "no target";
  if (worst <= asked) return "met";
  return usual <= asked ? "at risk" : "cannot be met";
}

function sayWhy(
  stands: TargetStands,
  asked: Ms | undefined,
  { way, usual, worst }: { readonly way: RecoveryWay; readonly usual: Ms; readonly worst: Ms },
): string {
  const most = way.parts.toSorted((a, b) => b.worst - a.worst)[0];
  const longest = most === undefined || way.parts.length === 1 ? "" : `, most of it ${most.what} (${sayLength(most.worst)})`;
  switch (stands) {
    case "met":
      return `${way.by} takes ${sayLength(worst)} even on a bad day`;
    case "at risk":
      return `${way.by} takes ${sayLength(usual)} on an ordinary day and ${sayLength(worst)} on a bad one${longest}`;
    case "cannot be met":
      return `${way.by} takes ${sayLength(usual)}, and ${sayLength(ms(usual - (asked ?? 0)))} of that is too much${longest}`;
    case "no target":
      return `the document names no target; ${way.by} takes ${sayLength(usual)}, ${sayLength(worst)} on a bad day`;
  }
}

const sum = (way: RecoveryWay, which: "usual" | "worst"): Ms => ms(way.parts.reduce((total, part) => total + part[which], 0));

/** A part whose length stands in the table of cloud times. */
export const cloudPart = (what: CloudTimeName): WayPart => ({ what, ...(cloudTimes[what] satisfies CloudTime) });

/** Rates of a dump and of its way back, in bytes of the database a second. */
export interface BackupRates {
  readonly dump: number;
  readonly download: number;
  readonly restore: number;
  readonly compare: number;
  readonly source: string;
}

/** A managed server under load is slower than the bench's own with fsync off: half its rate is reckoned with (assumed). */
const SLOWER = 2;

/** Work whose length is the size over a measured rate. */
export function ratedPart(what: string, bytes: number, { perSecond, source }: { readonly perSecond: number; readonly source: string }): WayPart {
  const usual = ms(Math.round((bytes / perSecond) * 1_000));
  const rate = `${Math.round(perSecond / 1e6)} MB/s (${source})`;
  return { what, usual, worst: ms(usual * SLOWER), sure: "measured", source: `${sayBytes(bytes)} at ${rate}; half of it on a bad day` };
}

/** The parts of a dump's way back, but for the target's making and the switch-over. */
export const dumpBack = (bytes: number, { download, restore, compare, source }: BackupRates): readonly WayPart[] => [
  ratedPart("download", bytes, { perSecond: download, source }),
  ratedPart("restore", bytes, { perSecond: restore, source }),
  ratedPart("verify", bytes, { perSecond: compare, source }),
];

/** The largest database for which this way still fits into the target on an ordinary day, in bytes; undefined: not even an empty one. */
export function largestThatFits(asked: Ms, fixed: readonly WayPart[], { download, restore, compare }: BackupRates): number | undefined {
  const left = asked - fixed.reduce((total, part) => total + part.usual, 0);
  if (left <= 0) return undefined;
  return left / 1_000 / (1 / download + 1 / restore + 1 / compare);
}

/** `41 GB`, `850 MB`. */
export const sayBytes = (bytes: number): string => (bytes >= 1e9 ? `${trim(bytes / 1e9)} GB` : `${trim(bytes / 1e6)} MB`);
const trim = (n: number): string => (n >= 10 ? String(Math.round(n)) : String(Math.round(n * 10) / 10));
