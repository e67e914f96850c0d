import { type BackupId, backupId, type BackupKind, type BackupSeries, type EpochMs, epochMs, minutes, sayStamp } from "@nightshift/model";

/** What tells two kinds of backup of the same thing and minute apart; a dump, which everything else is measured by, has none. */
const endings: Readonly<Record<BackupKind, string>> = {
  dump: "",
  "rds-snapshot": "-snapshot",
  "dynamodb-backup": "-table",
  "cache-snapshot": "-cache",
  media: "-media",
  configuration: "-copy",
};

/** What one backup is called: `shop-261121-0200-nightly`. The same minute of the same series gives the same name, so that a second event meets the first one's. */
export const backupIdOf = (it: { readonly of: string; readonly scheduled: EpochMs; readonly series: BackupSeries; readonly kind: BackupKind }): BackupId =>
  backupId(`${it.of}-${sayStamp(it.scheduled)}-${it.series}${endings[it.kind]}`);

/** The minute that a schedule meant: a rule's event is stamped some seconds later. */
export const minuteOf = (at: EpochMs): EpochMs => epochMs(at - (at % minutes(1)));

/**
 * What a snapshot, backup or instance is called in the account: letters, digits and single hyphens, a letter first, at most 63
 * ("Naming constraints in Amazon RDS", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html, 2026-11-21).
 */
export function cloudName(what: "snapshot" | "verify" | "restore", id: string): string {
  const plain = id.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const prefix = what === "snapshot" ? "nightshift-" : `nightshift-${what}-`;
  // The stamp at the end is what tells two of them apart, so that a long name loses its beginning.
  return `${prefix}${plain.slice(-(63 - prefix.length)).replace(/^-+|-+$/g, "")}`;
}
