const MINUTE = 60_000;

/** Tasks that wait for their time, counted by the minute it comes in. */
export class DueBook {
  readonly #byMinute = new Map<number, number>();
  tasks = 0;

  enter(due: number): void {
    const minute = Math.floor(due / MINUTE);
    this.tasks += 1;
    this.#byMinute.set(minute, (this.#byMinute.get(minute) ?? 0) + 1);
  }

  leave(due: number): void {
    const minute = Math.floor(due / MINUTE);
    const left = (this.#byMinute.get(minute) ?? 0) - 1;
    this.tasks -= 1;
    if (left <= 0) this.#byMinute.delete(minute);
    else this.#byMinute.set(minute, left);
  }

  /** Soonest first; the last of `most` rows holds the rest. */
  rows(most: number): readonly { readonly at: number; readonly tasks: number }[] {
    const rows = [...this.#byMinute].sort(([a], [b]) => a - b).map(([minute, tasks]) => ({ at: minute * MINUTE, tasks }));
    if (rows.length <= most) return rows;
    const rest = rows.slice(most - 1);
    return [...rows.slice(0, most - 1), { at: rest[0]?.at ?? 0, tasks: rest.reduce((sum, row) => sum + row.tasks, 0) }];
  }
}
