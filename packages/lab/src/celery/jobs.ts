import type { EpochMs, Ms } from "@nightshift/model";

/** One task that the application published, and what became of it. */
export interface Job {
  readonly n: number;
  readonly queue: string;
  readonly priority: number;
  readonly publishedAt: EpochMs;
  /** Not before this moment. */
  readonly eta: EpochMs | undefined;
  /** How long it takes while nothing it needs is slow. */
  readonly takes: Ms;
  /** How often a worker began it. */
  starts: number;
  /** When it was begun first. */
  startedAt: EpochMs | undefined;
  finishedAt: EpochMs | undefined;
  /** How often it was cut off while it ran. */
  killed: number;
  /** It was cut off after its acknowledgement: nobody will run it again. */
  lost: boolean;
}

/** How a queue's tasks fared, for checkers and the page; never visible through the broker. */
export interface Fared {
  readonly published: number;
  readonly finished: number;
  /** Runs that were cut off. */
  readonly killed: number;
  /** Tasks that were begun more than once. */
  readonly rerun: number;
  readonly lost: number;
}

/** A task is due when it may start: at once, or at its ETA. */
export const dueAt = (job: Job): EpochMs => (job.eta !== undefined && job.eta > job.publishedAt ? job.eta : job.publishedAt);

const MINUTE = 60_000;

/** Every task that was ever published through a broker. */
export class JobLog {
  readonly all: Job[] = [];

  add(job: Omit<Job, "n" | "starts" | "startedAt" | "finishedAt" | "killed" | "lost">): Job {
    const fresh: Job = { ...job, n: this.all.length, starts: 0, startedAt: undefined, finishedAt: undefined, killed: 0, lost: false };
    this.all.push(fresh);
    return fresh;
  }

  fared(queues?: readonly string[]): Fared {
    const fared = { published: 0, finished: 0, killed: 0, rerun: 0, lost: 0 };
    for (const job of this.of(queues)) {
      fared.published += 1;
      if (job.finishedAt !== undefined) fared.finished += 1;
      if (job.starts > 1) fared.rerun += 1;
      if (job.lost) fared.lost += 1;
      fared.killed += job.killed;
    }
    return fared;
  }

  /**
   * Minutes that violate a promise (decision 43): more than 1 %, and at least one, of the tasks due in it start later than
   * promised. A task that waits still counts as starting now.
   */
  violatingMinutes(promise: Ms, now: EpochMs, queues?: readonly string[]): readonly EpochMs[] {
    const due = new Map<number, { tasks: number; late: number }>();
    for (const job of this.of(queues)) {
      if (dueAt(job) > now) continue;
      const minute = Math.floor(dueAt(job) / MINUTE) * MINUTE;
      const row = due.get(minute) ?? { tasks: 0, late: 0 };
      due.set(minute, row);
      row.tasks += 1;
      if ((job.startedAt ?? now) - dueAt(job) > promise) row.late += 1;
    }
    return [...due]
      .filter(([, { tasks, late }]) => late > 0 && late > tasks / 100)
      .map(([minute]) => minute as EpochMs) // A whole minute is a moment.
      .toSorted((a, b) => a - b);
  }

  /** The longest wait of those that began in each minute since `from`. */
  waits(from: EpochMs, queues?: readonly string[]): ReadonlyMap<EpochMs, Ms> {
    const longest = new Map<EpochMs, Ms>();
    for (const job of this.of(queues)) {
      if (job.startedAt === undefined || job.startedAt < from) continue;
      const minute = (Math.floor(job.startedAt / MINUTE) * MINUTE) as EpochMs; // A whole minute is a moment.
      const wait = (job.startedAt - dueAt(job)) as Ms; // A difference of moments.
      longest.set(minute, Math.max(longest.get(minute) ?? 0, wait) as Ms); // The larger of two lengths.
    }
    return longest;
  }

  private of(queues: readonly string[] | undefined): readonly Job[] {
    return queues === undefined ? this.all : this.all.filter((job) => queues.includes(job.queue));
  }
}
