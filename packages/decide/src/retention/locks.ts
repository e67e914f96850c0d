import { after, type BackupId, type EpochMs, epochMs, type KeepSettings, type RetentionPlan } from "@nightshift/model";

/**
 * Until when each backup that a folder points at may be locked: the end of its longest class, so that a promoted one is locked longer and none
 * outlives its class under a lock that nobody can lift. Only moments to come; a lock is extended, never shortened. Source: `facts/backups.md` section 4.
 */
export function locksOf({ pointers }: Pick<RetentionPlan, "pointers">, settings: KeepSettings, now: EpochMs): ReadonlyMap<BackupId, EpochMs> {
  const locks = new Map<BackupId, EpochMs>();
  for (const { folder, id, at } of pointers) {
    const until = epochMs(Math.max(after(at, settings[folder]), locks.get(id) ?? 0));
    if (until > now) locks.set(id, until);
  }
  return locks;
}
