import { after, type BackupId, type EpochMs, epochMs, type KeepSettings, type RetentionPlan, type ShelvedMoment } from "@nightshift/model";

/** A lock that ends too soon for the class its backup is kept in. */
export interface LockExtension {
  readonly id: BackupId;
  readonly until: EpochMs;
  /** When it ends now; undefined: there is none. */
  readonly from: EpochMs | undefined;
}

/** So many backups are locked for longer in one run: a team that keeps to its nights promotes one or two a night. */
const AT_MOST = 20;

/** What the store's locks lack, those that end first first; only lengthenings, and nothing of a plan that was stopped. The same again after it was carried out is empty. */
export function extensionsOf(
  plan: Pick<RetentionPlan, "pointers" | "stopped">,
  shelved: readonly ShelvedMoment[],
  { keep, now }: { readonly keep: KeepSettings; readonly now: EpochMs },
): readonly LockExtension[] {
  if (plan.stopped !== undefined) return [];
  const wanted = locksOf(plan, keep, now);
  return shelved
    .flatMap(({ id, lockedUntil: from }): LockExtension[] => {
      const until = wanted.get(id);
      return until === undefined || (from ?? 0) >= until ? [] : [{ id, until, from }];
    })
    .toSorted((a, b) => (a.from ?? 0) - (b.from ?? 0) || a.until - b.until || (a.id < b.id ? -1 : 1))
    .slice(0, AT_MOST);
}

/**
 * Until when each backup that a folder points at may be locked: the end of its longest class, so that a promoted one is locked longer and none
 * outlives its class under a lock that nobody can lift. Only moments to come; a lock is extended, never shortened. Source: `facts/backups.md` section 4.
 */
export function locksOf({ pointers }: Pick<RetentionPlan, "pointers">, settings: KeepSettings, now: EpochMs): ReadonlyMap<BackupId, EpochMs> {
  const locks = new Map<BackupId, EpochMs>();
  for (const { folder, id, at } of pointers) {
    // Whole seconds: S3 keeps no less, and what it rounds off would be asked for again every night.
    const until = epochMs(Math.max(Math.floor(after(at, settings[folder]) / 1_000) * 1_000, locks.get(id) ?? 0));
    if (until > now) locks.set(id, until);
  }
  return locks;
}
