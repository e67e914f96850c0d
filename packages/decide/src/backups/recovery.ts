import { type BackupRecord, days, type EpochMs, minutes, type Ms, ms, type RecoverySample, sayLength, since } from "@nightshift/model";

/** One way back, and what would be lost by it. */
export interface WayBack {
  readonly by: "point in time" | "snapshot" | "dump";
  readonly contentsOf: EpochMs;
}

/** What would be lost if everything were restored now, by the best way that is up; undefined: there is none. */
export function rpoOf(ways: readonly WayBack[], at: EpochMs): (WayBack & { readonly lost: Ms }) | undefined {
  // A stamp from the future is a clock that is wrong: by it nothing would ever be lost.
  const sound = ways.filter(({ contentsOf }) => contentsOf <= at + CLOCKS_DIFFER);
  const best = sound.toSorted((a, b) => b.contentsOf - a.contentsOf)[0];
  return best === undefined ? undefined : { ...best, lost: since(best.contentsOf, at) };
}
/** Servers' clocks differ by less (`facts/backups.md` 4). */
const CLOCKS_DIFFER = minutes(10);

/** One part of a restore: how long, and whether somebody measured it. */
export interface EstimatePart {
  readonly what: "create target" | "download" | "restore" | "verify" | "switch over";
  readonly length: Ms;
  readonly measured: boolean;
}
/** How long a restore would take, part by part (decision 50). */
export interface Estimate {
  readonly total: Ms;
  readonly parts: readonly EstimatePart[];
}

/** What a restore is estimated from. */
export interface EstimateFacts {
  /** Dumps of the database, oldest first. */
  readonly rows: readonly BackupRecord[];
  /** How large the database is now. */
  readonly sourceBytes: number | undefined;
  /** How long the newest drill's instance took to be available; undefined: no drill yet. */
  readonly available: Ms | undefined;
}

/** Between half an hour and five minutes is usual; nobody measured it here yet (`facts/backups.md` 2). */
const ASSUMED_CREATE = minutes(20);
/** Changing the address that the services use, and deploying them. */
const ASSUMED_SWITCH = minutes(5);

/** How long a restore of the newest proven dump would take at today's size; undefined while no restore was ever measured. */
export function rtoOf({ rows, sourceBytes, available }: EstimateFacts): Estimate | undefined {
  const measured = rows.findLast((row) => row.state === "verified" && row.times.restore !== undefined);
  if (measured?.times.restore === undefined) return undefined;
  const growth = measured.sourceBytes === undefined || sourceBytes === undefined || measured.sourceBytes === 0 ? 1 : sourceBytes / measured.sourceBytes;
  const scaled = (length: Ms): Ms => ms(Math.round(length * growth));
  const { download, restore, compare } = measured.times;
  const parts: readonly EstimatePart[] = [
    { what: "create target", length: available ?? ASSUMED_CREATE, measured: available !== undefined },
    { what: "download", length: scaled(download ?? ms(0)), measured: download !== undefined },
    { what: "restore", length: scaled(restore), measured: true },
    { what: "verify", length: scaled(compare ?? ms(0)), measured: compare !== undefined },
    { what: "switch over", length: ASSUMED_SWITCH, measured: false },
  ];
  return { total: ms(parts.reduce((sum, part) => sum + part.length, 0)), parts };
}

/** `14 m 20 s of 1 h (measured)`, `38 m of 15 m: too long (create target, switch over assumed)`. */
export function sayEstimate({ total, parts }: Estimate, target?: Ms): string {
  const assumed = parts.filter((part) => !part.measured).map((part) => part.what);
  const how = assumed.length === 0 ? "measured" : `${assumed.join(", ")} assumed`;
  const of = target === undefined ? "" : ` of ${sayLength(target)}${total > target ? ": too long" : ""}`;
  return `${sayLength(total)}${of} (${how})`;
}

/** How a target was kept over a stretch of samples. */
export interface Kept {
  readonly p50: Ms;
  readonly p99: Ms;
  readonly max: Ms;
  /** Share of samples within the target, 0 to 1; those of which nothing could be read count as missed. */
  readonly share: number;
  readonly samples: number;
}

/** How a target was kept: an RPO of five minutes is the nominal interval of RDS, so a single tick says nothing; undefined without samples. */
export function keptOver(values: readonly (Ms | undefined)[], target: Ms): Kept | undefined {
  const known = values.flatMap((value) => (value === undefined ? [] : [value])).toSorted((a, b) => a - b);
  const max = known.at(-1);
  if (max === undefined) return undefined;
  const at = (share: number): Ms => known[Math.min(known.length - 1, Math.ceil(share * known.length) - 1)] ?? max;
  return { p50: at(0.5), p99: at(0.99), max, share: known.filter((value) => value <= target).length / values.length, samples: values.length };
}

/** Where the restore time goes as the database grows. */
export interface Forecast {
  /** Bytes a day; negative when it shrinks. */
  readonly growth: number;
  /** How long until a restore takes longer than its target; zero: it does already; undefined: not at this growth. */
  readonly exceedsIn: Ms | undefined;
}

/** Fewer or closer samples say nothing about growth. */
const LEAST_STRETCH = days(3);

/** When a restore will take longer than its target, from the growth in these samples; `fixed` is what of it does not grow; undefined while they say too little. */
export function forecastRto(samples: readonly RecoverySample[], target: Ms, fixed: Ms = ms(0)): Forecast | undefined {
  const points = samples.flatMap(({ at, sourceBytes }) => (sourceBytes === undefined ? [] : [{ x: at / days(1), y: sourceBytes }]));
  const first = points[0];
  const last = points.at(-1);
  const rto = samples.findLast((sample) => sample.rto !== undefined)?.rto;
  if (first === undefined || last === undefined || rto === undefined || (last.x - first.x) * days(1) < LEAST_STRETCH) return undefined;
  const growth = slopeOf(points);
  if (rto > target) return { growth, exceedsIn: ms(0) };
  // Only what is copied grows with the size: what is left of the target, at the same rate.
  const perByte = last.y === 0 ? 0 : Math.max(0, rto - fixed) / last.y;
  const left = perByte === 0 ? Number.POSITIVE_INFINITY : (target - rto) / perByte;
  return { growth, exceedsIn: growth <= 0 || !Number.isFinite(left) ? undefined : ms(Math.round((left / growth) * days(1))) };
}

/** Least squares. */
function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (pick: (point: { readonly x: number; readonly y: number }) => number) => points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const mx = mean(({ x }) => x);
  const my = mean(({ y }) => y);
  const spread = points.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0) / spread;
}
