import type { FlowWorker } from "./worker.ts";

/** One execution that will end: which task, on whom, at which attempt. */
export interface End {
  at: number;
  task: number;
  attempt: number;
  worker: FlowWorker;
}

/** Executions by their end, soonest first. A heap of its own, because there is one entry a task and everything else is rare. */
export class Ends {
  readonly #heap: End[] = [];

  /** The moment of the soonest; infinity when nothing runs. */
  get next(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  push(end: End): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(end);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !earlier(end, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = end;
  }

  pop(): End | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      let child = heap[below];
      if (child === undefined) break;
      const other = heap[below + 1];
      if (other !== undefined && earlier(other, child)) {
        child = other;
        below += 1;
      }
      if (!earlier(child, last)) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = last;
    return first;
  }
}

/** The lower task first within a moment, so that a run is the same everywhere. */
const earlier = (a: End, b: End): boolean => a.at < b.at || (a.at === b.at && a.task < b.task);
