import { type EpochMs, ms, type Ms } from "@nightshift/model";
import type { Happening, Kernel, LabClock, Recorded } from "../kernel.ts";
import { hash32, streamOf } from "./chance.ts";

interface Due {
  readonly at: number;
  readonly n: number;
  readonly happening: () => void;
}

/** A clock that only tests use: a sorted list of what is due. */
class TestClock implements LabClock {
  private moment: number;
  private count = 0;
  private due: Due[] = [];

  constructor(start: number) {
    this.moment = start;
  }

  now(): EpochMs {
    return this.moment as EpochMs; // The clock deals in moments.
  }

  in(after: Ms, happening: () => void): void {
    const one = { at: this.moment + after, n: this.count, happening };
    this.count += 1;
    let place = this.due.length;
    while (place > 0 && ((this.due[place - 1]?.at ?? 0) < one.at || this.due[place - 1]?.at === one.at)) place -= 1;
    // Kept latest first, so that the next one is popped from the end.
    this.due.splice(place, 0, one);
  }

  every(period: Ms, happening: () => void): void {
    const again = (): void => {
      happening();
      this.in(period, again);
    };
    this.in(period, again);
  }

  run(until: number): void {
    for (let next = this.due.at(-1); next !== undefined && next.at <= until; next = this.due.at(-1)) {
      this.due.pop();
      this.moment = next.at;
      next.happening();
    }
    this.moment = until;
  }
}

export interface EmittedEvent {
  readonly at: EpochMs;
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Record<string, unknown>;
}

/** A kernel for the tests of this folder: a clock of its own, everything said kept in lists. */
export class TestKernel implements Kernel {
  readonly clock: TestClock;
  readonly region = "eu-west-1";
  readonly accountId = "111122223333";
  readonly history: Recorded[] = [];
  readonly events: EmittedEvent[] = [];
  private readonly seed: number;

  /** Wednesday 2026-11-18 12:00 UTC. */
  constructor(seed = 7, start = Date.UTC(2026, 10, 18, 12)) {
    this.seed = seed;
    this.clock = new TestClock(start);
  }

  random(stream: string): () => number {
    return streamOf(hash32(`${this.seed} ${stream}`));
  }

  record(happening: Happening): void {
    this.history.push({ ...happening, at: this.clock.now(), n: this.history.length });
  }

  emit(event: { readonly source: string; readonly detailType: string; readonly resources: readonly string[]; readonly detail: unknown }): void {
    // Details are plain objects in every event of this folder.
    this.events.push({ ...event, detail: structuredClone(event.detail) as Record<string, unknown>, at: this.clock.now() });
  }

  /** Lets this much time pass. */
  pass(length: Ms): void {
    this.clock.run(this.clock.now() + length);
  }

  /** Lets time pass a second at a time until `done`, at most `atMost`; answers how long it took. */
  until(done: () => boolean, atMost: Ms): Ms {
    const began = this.clock.now();
    while (!done()) {
      if (this.clock.now() - began >= atMost) throw new Error(`Not so after ${atMost / 1_000} s`);
      this.pass(ms(1_000));
    }
    return ms(this.clock.now() - began);
  }
}
