import type { Sentence } from "./backup-guards.ts";

/** The protective lines around runs that somebody asked for, by their names: part of `guards`. */
export const backupRunGuards = {
  "a restore's run is its own plan's": ["Two plans of one minute never share a run, so that none is told the other's end.", 14, 21],
  "a restore is of what was ordered": ["What says that it restored another backup, or somewhere else, is never called the restore that was asked for.", 29, 31],
  "a password goes only where the config says": ["A job cannot send a database's password to a host of its own choice.", 31],
  "a target proves who it is": ["No password goes to a target whose certificate was not verified.", 31],
  "no password in clear text": ["A server that asks for the password itself, or its MD5, over a line that others may read gets neither.", 31],
  "a run that still speaks is at work": ["A run that reports is not called gone, so that nothing is started beside it.", 41],
  "a person's request is answered": ["Whoever asks for a backup hears why none is taken.", 32],
} as const satisfies Readonly<Record<string, Sentence>>;
