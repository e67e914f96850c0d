import { after, type BackupId, backupId, type EpochMs, hours, type IncidentPolicy, sayDate } from "@nightshift/model";
import { epochMs } from "@nightshift/model";
import { localDayOf, momentOn, weekdayOf } from "./business-time.ts";

/** A message that is no incident's: due by the calendar, or when a night was good. */
export type Bulletin =
  | {
      readonly kind: "handoff" | "weekly";
      /** Unique for its day: `bulletin/handoff/2026-11-23`. */
      readonly key: string;
    }
  /** A good night's line, posted when it is over: `bulletin/backup/shop/shop-261121-0200-nightly`. */
  | { readonly kind: "backup"; readonly key: string; readonly of: string; readonly id: BackupId };

/** The key of a good night's line. */
export const backupBulletin = (of: string, id: BackupId): string => `bulletin/backup/${of}/${id}`;

/** How long after its time a bulletin is still worth posting; later it would be old news. */
const FRESH = hours(3);

/** Which bulletins are due: the hand-over digest every day at the team's hour, the weekly report with it on Mondays. */
export function dueBulletins(now: EpochMs, policy: Pick<IncidentPolicy, "digest" | "timeZone">): readonly Bulletin[] {
  const zone = policy.timeZone ?? "UTC";
  const today = localDayOf(now, zone);
  const at = momentOn(today, policy.digest, zone);
  if (now < at || now >= after(at, FRESH)) return [];
  // The local day as a date: its noon in UTC has the same one.
  const date = sayDate(epochMs(today * 86_400_000 + hours(12)));
  const digest: Bulletin = { kind: "handoff", key: `bulletin/handoff/${date}` };
  return weekdayOf(today) === "monday" ? [digest, { kind: "weekly", key: `bulletin/weekly/${date}` }] : [digest];
}

/** The bulletin that a key names; undefined when it names none. */
export function bulletinOf(key: string): Bulletin | undefined {
  const [, of, id] = /^bulletin\/backup\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  if (of !== undefined && id !== undefined) return { kind: "backup", key, of, id: backupId(id) };
  const [, kind] = /^bulletin\/(handoff|weekly)\/\d{4}-\d{2}-\d{2}$/.exec(key) ?? [];
  return kind === "handoff" || kind === "weekly" ? { kind, key } : undefined;
}
