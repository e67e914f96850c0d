import { backupId, days, type DocumentsPolicy, type EpochMs, epochMs, hours, type RetentionCandidate } from "@nightshift/model";

/** Saturday 2026-03-14, 02:00 UTC. */
export const NIGHT = epochMs(1_773_453_600_000);
/** An hour after that night. */
export const NOW = epochMs(1_773_457_200_000);

/** The documents' default. */
export const usual: DocumentsPolicy = { kind: "documents", daily: days(7), weekly: days(30), monthly: days(90), safety: days(7), atLeast: 3 };

/** A verified night so many days before the newest. */
export const night = (daysAgo: number, over: Partial<RetentionCandidate> = {}): RetentionCandidate => {
  const at = epochMs(NIGHT - daysAgo * 86_400_000);
  return { id: backupId(`night-${daysAgo}`), at, scheduled: at, state: "verified", series: "nightly", ...over };
};

/** Nights from the newest (0) on. */
export const nights = (count: number, over: Partial<RetentionCandidate> = {}): readonly RetentionCandidate[] =>
  Array.from({ length: count }, (_, ago) => night(ago, over));

/** A moment some hours from the newest night. */
export const hoursOn = (count: number): EpochMs => epochMs(NIGHT + hours(1) * count);
