import { type BackupRecord, type EpochMs, type Ms, type RecoverySample, sayDate, sayLength, since } from "@nightshift/model";
import { type Estimate, sayEstimate } from "./recovery.ts";

/** `41 GB`, `2.1 GB`, `610 MB`: decimal, as disks and invoices count. */
export function sayBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"] as const;
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${size < 9.95 && unit > 1 ? size.toFixed(1) : String(Math.round(size))} ${units[unit] ?? "TB"}`;
}

/** `214`, `88.1 M`: what people read at a glance. */
export function sayShort(n: number): string {
  if (n < 10_000) return String(n);
  if (n < 999_950) return `${(n / 1_000).toFixed(1)} k`;
  if (n < 999_950_000) return `${(n / 1_000_000).toFixed(1)} M`;
  return `${(n / 1_000_000_000).toFixed(1)} G`;
}

/** `1 table`, `214 tables`. */
export const sayMany = (n: number, one: string): string => `${sayShort(n)} ${one}${n === 1 ? "" : "s"}`;

/** What is kept, by class. */
export interface KeptCounts {
  readonly kept: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly oldestVerified: EpochMs | undefined;
}

/** The two lines of a good night (`design/product.md`): what was taken and proven; what is kept, and what could be lost now. */
export function sayNight(
  row: BackupRecord,
  more: { readonly at: EpochMs; readonly kept?: KeptCounts; readonly sample?: RecoverySample; readonly rto?: Estimate; readonly target?: Ms },
): readonly string[] {
  const { kept, sample, rto, at, target } = more;
  const second = [
    ...(kept === undefined ? [] : [sayKept(kept, at)]),
    ...(sample?.rpo === undefined ? [] : [`RPO now ${sayLength(sample.rpo)}`]),
    ...(rto === undefined ? [] : [`RTO ${sayEstimate(rto, target)}`]),
  ];
  return [`✓ ${row.of}  ${sayTaken(row)}`, ...(second.length === 0 ? [] : [second.join(" · ")])];
}

/** `41 GB dumped in 4 m 36 s · restored in 11 m 2 s · 214 tables, 88.1 M rows, 0 differences`. */
export function sayTaken({ sourceBytes, bytes, times, tables, rows, differences, state }: BackupRecord): string {
  const size = sourceBytes ?? bytes;
  const counted = [
    ...(tables === undefined ? [] : [sayMany(tables, "table")]),
    ...(rows === undefined ? [] : [sayMany(rows, "row")]),
    ...(differences === undefined ? [] : [sayMany(differences, "difference")]),
  ];
  return [
    `${size === undefined ? "" : `${sayBytes(size)} `}dumped${times.dump === undefined ? "" : ` in ${sayLength(times.dump)}`}`,
    ...(times.restore === undefined ? [] : [`restored in ${sayLength(times.restore)}`]),
    ...(counted.length === 0 ? [] : [counted.join(", ")]),
    ...(state === "uploaded" ? ["not proven tonight"] : []),
  ].join(" · ");
}

function sayKept({ kept, daily, weekly, monthly, oldestVerified }: KeptCounts, at: EpochMs): string {
  const oldest = oldestVerified === undefined ? "" : `, oldest verified ${sayLength(since(oldestVerified, at))}`;
  return `kept ${kept} (${daily} daily, ${weekly} weekly, ${monthly} monthly)${oldest}`;
}

/** The newest backup that is still proven, as a red night names it. */
export function sayNewestProven(rows: readonly BackupRecord[], at: EpochMs): string {
  const newest = rows.findLast((row) => row.state === "verified" && row.contentsOf !== undefined);
  if (newest?.contentsOf === undefined) return "No backup of it is proven.";
  return `The newest backup that is still proven is ${newest.id} of ${sayDate(newest.contentsOf)}, ${sayLength(since(newest.contentsOf, at))} old.`;
}
