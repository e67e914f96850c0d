import type { Sentence } from "./backup-guards.ts";

/** The protective lines around runs that somebody asked for, by their names: part of `guards`. */
export const backupRunGuards = {
  "a restore's run is its own plan's": ["Two plans of one minute never share a run, so that none is told the other's end.", 14, 21],
  "a restore is of what was ordered": ["What says that it restored another backup, or somewhere else, is never called the restore that was asked for.", 29, 31],
} as const satisfies Readonly<Record<string, Sentence>>;
