import { type BackupProgress, type BackupRecord, type EpochMs, type Ms, minutes, ms, sayClock, sayLength, seconds, since } from "@nightshift/model";
import { sayBytes } from "./say.ts";

/** A run that is over sooner is told by its end alone. */
const WORTH_TELLING = minutes(3);
/** The line is changed so often at most: people glance at it, and Slack counts every change. */
const EVERY = minutes(1);
/** Less of a phase says nothing about the rest of it. */
const TELLING_SHARE = 0.02;
const TELLING_TIME = seconds(2);

/** What a run says of itself while it goes on. */
export interface SaidProgress {
  readonly phase: string;
  readonly share?: number;
  readonly bytesPerSecond?: number;
}

/** What was shown of a run, and when; `phase` since when it is in its present one. */
export interface ShownProgress {
  readonly began: EpochMs;
  readonly phase: { readonly name: string; readonly since: EpochMs } | undefined;
  readonly shownAt: EpochMs | undefined;
}

/** What is shown next, if it is time; and what is remembered of it. Without a word of the run nothing is shown. */
export function progressDue(
  shown: ShownProgress,
  said: SaidProgress | undefined,
  now: EpochMs,
): { readonly next: ShownProgress; readonly show: BackupProgress | undefined } {
  if (said === undefined) return { next: shown, show: undefined };
  const phase = shown.phase?.name === said.phase ? shown.phase : { name: said.phase, since: now };
  const early = since(shown.began, now) < WORTH_TELLING;
  const often = shown.shownAt !== undefined && since(shown.shownAt, now) < EVERY;
  if (early || often) return { next: { ...shown, phase }, show: undefined };
  const left = leftOf(said.share, since(phase.since, now));
  return {
    next: { ...shown, phase, shownAt: now },
    show: {
      at: now,
      phase: said.phase,
      ...(said.share === undefined ? {} : { share: said.share }),
      ...(said.bytesPerSecond === undefined ? {} : { bytesPerSecond: said.bytesPerSecond }),
      ...(left === undefined ? {} : { left }),
    },
  };
}

/** What is left of a phase, if it goes on as it went so far. */
function leftOf(share: number | undefined, took: Ms): Ms | undefined {
  if (share === undefined || share < TELLING_SHARE || share > 1 || took < TELLING_TIME) return undefined;
  return ms((took * (1 - share)) / share);
}

/** `● shop  restoring 62 % · 148 MB/s · about 4 m left of it · 12 m since 02:00 UTC`. */
export function sayProgress({ of, scheduled }: Pick<BackupRecord, "of" | "scheduled">, { at, phase, share, bytesPerSecond, left }: BackupProgress): string {
  return [
    `● ${of}  ${phase}${share === undefined ? "" : ` ${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`}`,
    ...(bytesPerSecond === undefined ? [] : [`${sayBytes(bytesPerSecond)}/s`]),
    ...(left === undefined ? [] : [`about ${sayLength(left)} left of it`]),
    `${sayLength(since(scheduled, at))} since ${sayClock(scheduled).slice(0, 5)} UTC`,
  ].join(" · ");
}
