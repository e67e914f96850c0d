import { type BackupId, type DocumentsPolicy, type EpochMs, type Ms, ms, type RetentionCandidate, type RetentionFolder, sayLength } from "@nightshift/model";
import { dayOf, monthOf, sundayWeekOf } from "./calendar.ts";

/** One backup that stands in a folder. */
export interface Pointer {
  readonly folder: RetentionFolder;
  readonly id: BackupId;
  readonly at: EpochMs;
  readonly reason: string;
}

/** What the documents' classes are made of. */
export interface Classed {
  /** Verified ones that may stand for their day, week or month, newest first. */
  readonly counting: readonly RetentionCandidate[];
  /** Copies taken before a restore. */
  readonly safety: readonly RetentionCandidate[];
  /** Where ages are counted from. */
  readonly anchor: EpochMs;
}

/**
 * The first verified backup of each UTC day, Sunday-start week and UTC month that is younger than its class is kept. Worked out anew each time: when
 * Sunday's failed, Monday's is the week's. Sources: decision 48, `facts/backups.md` section 4.
 */
export function classesOf({ counting, safety, anchor }: Classed, policy: DocumentsPolicy): readonly Pointer[] {
  const pointers: Pointer[] = [];
  for (const { folder, of, says } of classes) {
    const firsts = new Map<number, RetentionCandidate>();
    // From the newest on: what is put in last is the first of its period.
    for (const one of counting) if (!isOver(one, policy[folder], anchor)) firsts.set(of(one.scheduled), one);
    for (const { id, scheduled } of firsts.values()) pointers.push({ folder, id, at: scheduled, reason: says });
  }
  for (const one of safety)
    if (!isOver(one, policy.safety, anchor))
      pointers.push({ folder: "safety", id: one.id, at: one.scheduled, reason: `safety copy, kept ${sayLength(policy.safety)}` });
  return pointers;
}

/** Why a verified backup that no class keeps may go. */
export function whyClassless(one: RetentionCandidate, policy: DocumentsPolicy, anchor: EpochMs): string {
  if (one.series === "safety") return `a safety copy, ${sayLength(policy.safety)} older than the newest verified one`;
  const open = classes.filter(({ folder }) => !isOver(one, policy[folder], anchor)).map(({ period }) => period);
  return open.length === 0
    ? `${sayLength(ms(anchor - one.at))} older than the newest verified one, which no class is`
    : `not the first verified of its ${open.join(" or ")}`;
}

const classes = [
  { folder: "daily", of: dayOf, period: "day", says: "first verified of its day" },
  { folder: "weekly", of: sundayWeekOf, period: "week", says: "first verified of its week" },
  { folder: "monthly", of: monthOf, period: "month", says: "first verified of its month" },
] as const;

const isOver = ({ at }: RetentionCandidate, length: Ms, anchor: EpochMs): boolean => anchor - at >= length;
