import { type Estimate, type Forecast, forecastRto, type Kept, keptOver, rtoOf } from "@nightshift/decide/backups/recovery";
import {
  after,
  type BackupId,
  type BackupRecord,
  type BackupState,
  days,
  type EpochMs,
  epochMs,
  hours,
  minutes,
  type Ms,
  ms,
  type ProofLevel,
  type RecoverySample,
  since,
} from "@nightshift/model";
import type { Thing } from "./things.ts";

/** One UTC day's night. `none`: nothing was taken that day. */
export interface NightStands {
  readonly day: EpochMs;
  readonly state: BackupState | "none";
  readonly id?: BackupId;
  readonly because?: string;
}

/** What would be lost now. */
export interface LostNow {
  readonly lost: Ms | undefined;
  readonly by: "sampler" | "newest proven backup";
  readonly target: Ms | undefined;
  /** Set where the sampler has been silent: what it said last is no news. */
  readonly silentFor?: Ms;
  /** How the target was kept over the samples at hand. */
  readonly kept: Kept | undefined;
}

/** How one thing stands. */
export interface Standing {
  readonly thing: Thing;
  /** The newest one that counts: proven where it can be, else the newest that exists. */
  readonly newest:
    | {
        readonly id: BackupId;
        readonly contentsOf: EpochMs;
        readonly age: Ms;
        readonly state: BackupState;
        readonly proof: ProofLevel;
        readonly bytes?: number;
      }
    | undefined;
  /** A suspect one that nobody acknowledged: pruning stands still. */
  readonly suspect: { readonly id: BackupId; readonly because: string | undefined } | undefined;
  readonly rpo: LostNow;
  readonly rto: { readonly estimate: Estimate | undefined; readonly measuredIn: BackupId | undefined; readonly target: Ms | undefined };
  /** The last thirty days, oldest first. */
  readonly nights: readonly NightStands[];
  /** Proven ones, oldest first. */
  readonly history: readonly {
    readonly at: EpochMs;
    readonly bytes: number | undefined;
    readonly sourceBytes: number | undefined;
    readonly rto: Ms | undefined;
    readonly dump: Ms | undefined;
    readonly restore: Ms | undefined;
  }[];
  /** A store's records alone were read. */
  readonly storeAlone: boolean;
  /** What would be lost and how long a restore would take, over time, oldest first. */
  readonly samples: readonly RecoverySample[];
  /** What stands, newest first. */
  readonly listed: readonly BackupRecord[];
  readonly forecast: Forecast | undefined;
  readonly nextNight: EpochMs | undefined;
  /** How many stand, proven and in all. */
  readonly stored: { readonly proven: number; readonly all: number };
}

/** What one thing's rows and samples are. */
export interface Told {
  readonly rows: readonly BackupRecord[];
  readonly samples: readonly RecoverySample[];
  readonly at: EpochMs;
  /** The rows are a store's own records: nobody samples it, and its backups' ages are all that is known. */
  readonly storeAlone: boolean;
}

/** The sampler looks every five minutes; three looks that did not come are silence. */
const SILENT = minutes(15);
/** Days shown. */
const NIGHTS = 30;

/** Works out how a thing stands from what is known of it; what is unknown stays unknown. */
export function standOf(thing: Thing, { rows: all, samples, at, storeAlone }: Told): Standing {
  const rows = all.filter(({ kind }) => kind === thing.kind).toSorted((a, b) => a.scheduled - b.scheduled);
  const proven = rows.filter(({ state, contentsOf }) => state === "verified" && contentsOf !== undefined);
  const newest = proven.at(-1) ?? rows.findLast(({ state, contentsOf }) => state === "uploaded" && contentsOf !== undefined);
  const suspect = rows.findLast(({ state, acknowledgedBy }) => state === "suspect" && acknowledgedBy === undefined);
  const isDump = thing.kind === "dump";
  const estimate = isDump ? rtoOf({ rows, sourceBytes: newestSize(rows), available: drilled(all) }) : undefined;
  // Samples are of the database, by whatever way back is best, and stand beside its dumps; its snapshots have none of their own.
  const measured = isDump ? samplesOf({ rows, samples, all, storeAlone }) : thing.kind === "rds-snapshot" ? [] : samples;
  return {
    thing,
    newest:
      newest?.contentsOf === undefined
        ? undefined
        : {
            id: newest.id,
            contentsOf: newest.contentsOf,
            age: since(newest.contentsOf, at),
            state: newest.state,
            proof: newest.proof,
            ...(newest.bytes === undefined ? {} : { bytes: newest.bytes }),
          },
    suspect: suspect === undefined ? undefined : { id: suspect.id, because: suspect.because },
    rpo: lostNow(thing, { samples: measured, newest: proven.at(-1), at, storeAlone }),
    rto: { estimate, measuredIn: proven.findLast(({ times }) => times.restore !== undefined)?.id, target: thing.rto },
    nights: nightsOf(rows, at),
    history: proven.map((row, n) => ({
      at: row.contentsOf ?? row.scheduled,
      bytes: row.bytes,
      sourceBytes: row.sourceBytes,
      rto: isDump ? rtoOf({ rows: proven.slice(0, n + 1), sourceBytes: row.sourceBytes, available: drilled(all) })?.total : undefined,
      dump: row.times.dump,
      restore: row.times.restore,
    })),
    storeAlone,
    samples: measured,
    listed: rows.filter(stands).toReversed(),
    forecast: estimate === undefined ? undefined : forecastRto(measured, thing.rto ?? ms(Number.POSITIVE_INFINITY), fixedOf(estimate)),
    nextNight: nextOf(thing, at),
    stored: { proven: proven.length, all: rows.filter(stands).length },
  };
}

const stands = ({ state }: BackupRecord): boolean => state === "verified" || state === "uploaded" || state === "suspect";
const newestSize = (rows: readonly BackupRecord[]): number | undefined => rows.findLast(({ sourceBytes }) => sourceBytes !== undefined)?.sourceBytes;
const drilled = (rows: readonly BackupRecord[]): Ms | undefined =>
  rows.toSorted((a, b) => a.scheduled - b.scheduled).findLast(({ id, times }) => id.endsWith("-drill") && times.available !== undefined)?.times.available;
/** What does not grow with the database. */
const fixedOf = ({ parts }: Estimate): Ms =>
  ms(parts.reduce((sum, { what, length }) => (what === "create target" || what === "switch over" ? sum + length : sum), 0));

/** A store has no sampler: each proven backup is one sample as it ended, and one just before, when the age of the one before was largest. */
function samplesOf({
  rows,
  samples,
  all,
  storeAlone,
}: Pick<Told, "rows" | "samples" | "storeAlone"> & { readonly all: readonly BackupRecord[] }): readonly RecoverySample[] {
  if (!storeAlone) return samples;
  const proven = rows.filter(({ state }) => state === "verified");
  return proven.flatMap((row, n): readonly RecoverySample[] => {
    const before = proven[n - 1]?.contentsOf;
    const done = row.verifiedAt ?? row.finished;
    if (row.contentsOf === undefined || done === undefined) return [];
    const rto = rtoOf({ rows: proven.slice(0, n + 1), sourceBytes: row.sourceBytes, available: drilled(all) })?.total;
    const age = since(row.contentsOf, done);
    const sample = {
      of: row.of,
      at: done,
      rpo: age,
      newestVerifiedAge: age,
      ...(rto === undefined ? {} : { rto }),
      ...(row.sourceBytes === undefined ? {} : { sourceBytes: row.sourceBytes }),
    };
    if (before === undefined) return [sample];
    const worst = since(before, done);
    return [{ of: row.of, at: epochMs(done - 1), rpo: worst, newestVerifiedAge: worst }, sample];
  });
}

interface Lost {
  readonly samples: readonly RecoverySample[];
  readonly newest: BackupRecord | undefined;
  readonly at: EpochMs;
  readonly storeAlone: boolean;
}

function lostNow({ rpo: target }: Thing, { samples, newest, at, storeAlone }: Lost): LostNow {
  const last = samples.at(-1);
  const kept =
    target === undefined
      ? undefined
      : keptOver(
          samples.map(({ rpo }) => rpo),
          target,
        );
  if (!storeAlone && last !== undefined && since(last.at, at) <= SILENT) return { lost: last.rpo, by: "sampler", target, kept };
  const lost = newest?.contentsOf === undefined ? undefined : since(newest.contentsOf, at);
  const silent = storeAlone || last === undefined ? {} : { silentFor: since(last.at, at) };
  return { lost, by: "newest proven backup", target, ...silent, kept };
}

const rank: readonly (BackupState | "none")[] = ["none", "pruned", "running", "failed", "suspect", "uploaded", "verified"];

/** One entry a UTC day: the best that was taken in it. What was pruned since had been proven, as far as its own row says. */
function nightsOf(rows: readonly BackupRecord[], at: EpochMs): readonly NightStands[] {
  const today = epochMs(at - (at % days(1)));
  return Array.from({ length: NIGHTS }, (_, n): NightStands => {
    const day = epochMs(today - days(NIGHTS - 1 - n));
    const own = rows.filter(({ scheduled }) => scheduled >= day && scheduled < after(day, days(1)));
    const best = own.toSorted((a, b) => rank.indexOf(nightState(b)) - rank.indexOf(nightState(a)))[0];
    if (best === undefined) return { day, state: "none" };
    return { day, state: nightState(best), id: best.id, ...(best.because === undefined ? {} : { because: best.because }) };
  });
}

/** A night stays what it was when retention removes its backup later. */
const nightState = ({ state, verifiedAt }: BackupRecord): BackupState => (state === "pruned" && verifiedAt !== undefined ? "verified" : state);

function nextOf({ nightly }: Thing, at: EpochMs): EpochMs | undefined {
  if (nightly === undefined) return undefined;
  const today = epochMs(at - (at % days(1)) + hours(nightly.hour) + minutes(nightly.minute));
  return today > at ? today : after(today, days(1));
}
