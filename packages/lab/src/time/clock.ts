import { AsyncLocalStorage } from "node:async_hooks";
import { type EpochMs, epochMs, type Ms } from "@nightshift/model";
import type { LabClock } from "../kernel.ts";
import { EntryQueue } from "./queue.ts";
import { currentScope, inScope, type LabScope, outsideLab } from "./scope.ts";

// Taken before anything is patched: one turn of the real event loop drains promises and ticks.
const realImmediate = globalThis.setImmediate;

/** More happenings than this within one moment is a loop that never lets time pass. */
export const MOMENT_LIMIT = 100_000;

/** What went wrong when a lab stops making progress. */
export class LivelockError extends Error {
  override readonly name = "LivelockError";
}

/** A happening that can be called off. */
export interface Scheduled {
  cancel(): void;
}

/**
 * The lab's time. It stands still while anything is left to do at the present moment (promises, real I/O counted by
 * `external`), then jumps to the next happening.
 */
export class VirtualClock implements LabClock {
  readonly #queue = new EntryQueue();
  #now: number;
  #order = 0;
  #outstanding = 0;
  #wake: (() => void) | undefined;
  #atThisMoment = 0;
  #world: LabScope;
  #running = false;

  constructor(startAt: EpochMs, chance: () => number) {
    this.#now = startAt;
    this.#world = { clock: this, chance, invocation: undefined };
  }

  /** The scope of the world itself: no invocation. */
  get world(): LabScope {
    return this.#world;
  }

  now(): EpochMs {
    return epochMs(this.#now);
  }

  in(after: Ms, happening: () => void): void {
    this.schedule(after, () => inScope(this.#world, happening));
  }

  every(period: Ms, happening: () => void): void {
    this.in(period, () => {
      happening();
      this.every(period, happening);
    });
  }

  /** Like `in`, but can be cancelled, and the caller says in which context `fire` runs. */
  schedule(after: number, fire: () => void): Scheduled {
    const entry = { at: this.#now + Math.max(0, Number.isFinite(after) ? after : 0), order: this.#order, fire, cancelled: false };
    this.#order += 1;
    this.#queue.push(entry);
    return {
      cancel: () => {
        entry.cancelled = true;
      },
    };
  }

  /** A timer of the running code: it fires in the caller's own async context, unless the caller's sandbox died before. */
  timer(after: number, fire: () => void): Scheduled {
    const invocation = currentScope()?.invocation;
    const back = AsyncLocalStorage.snapshot();
    return this.schedule(after, () => {
      if (!invocation?.dead) back(fire);
    });
  }

  /** Waits in virtual time; never returns to a dead invocation. */
  sleep(length: number): Promise<void> {
    return new Promise((resolve) => {
      this.timer(length, resolve);
    });
  }

  /** Real I/O (an HTTP exchange with a local server): the clock stands still until it is over. A function is run outside the lab, with real timers. */
  external<T>(work: Promise<T> | (() => Promise<T>)): Promise<T> {
    this.#outstanding += 1;
    const promise = typeof work === "function" ? outsideLab(work) : work;
    return promise.finally(() => {
      this.#outstanding -= 1;
      if (this.#outstanding === 0) this.#wake?.();
    });
  }

  /**
   * Lets things happen until `done()`; returns false when nothing is left to happen before that.
   * `before` stops ahead of later happenings and leaves the clock there.
   * @throws LivelockError when one moment holds more than {@link MOMENT_LIMIT} happenings.
   */
  async run(done: () => boolean, before: EpochMs = epochMs(Number.POSITIVE_INFINITY)): Promise<boolean> {
    if (this.#running) throw new Error("This lab's clock is running already: start the second piece of work inside the first.");
    this.#running = true;
    try {
      for (;;) {
        await this.#settle();
        if (done()) return true;
        const next = this.#queue.peek();
        if (!next || next.at > before) {
          if (Number.isFinite(before)) this.#now = Math.max(this.#now, before);
          return false;
        }
        this.#queue.pop();
        this.#step(next.at);
        next.fire();
      }
    } finally {
      this.#running = false;
    }
  }

  #step(at: number): void {
    if (at > this.#now) {
      this.#now = at;
      this.#atThisMoment = 0;
    }
    this.#atThisMoment += 1;
    if (this.#atThisMoment > MOMENT_LIMIT) {
      throw new LivelockError(
        `${MOMENT_LIMIT} things happened at ${new Date(this.#now).toISOString()} and time did not move: something reschedules itself without a delay.`,
      );
    }
  }

  async #settle(): Promise<void> {
    await realTurn();
    while (this.#outstanding > 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
      await realTurn();
    }
  }
}

const realTurn = (): Promise<void> =>
  new Promise((resolve) => {
    realImmediate(resolve);
  });
