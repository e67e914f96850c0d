/** A change in the other direction counts as a reversal so long after the last one (facts/scaling.md 5.2). */
const REVERSAL = 600_000;

/** Counts changes of the desired count, and those that took back the one before. */
export class ActionLog {
  actions = 0;
  reversals = 0;
  #last = { at: Number.NEGATIVE_INFINITY, up: true };

  note(at: number, up: boolean): void {
    this.actions += 1;
    if (up !== this.#last.up && at - this.#last.at < REVERSAL) this.reversals += 1;
    this.#last = { at, up };
  }
}
