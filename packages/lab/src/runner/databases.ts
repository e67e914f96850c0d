import type { Ms } from "@nightshift/model";
import type { RunPhase } from "@nightshift/ports";

/** A database that the simulated runner backs up. */
export interface LabDatabase {
  readonly bytes: number;
  readonly tables: number;
  readonly rows: number;
}

/**
 * How fast the simulated runner is, in bytes of the database a second; `packed`: what remains of a byte in the store.
 * Source: facts/backups.md 3.2 and 3.3, measured on two cores with PostgreSQL 15.18; that the store hands out twice the dump's rate is assumed.
 */
export interface RunnerRates {
  readonly dump: number;
  readonly download: number;
  readonly restore: number;
  readonly compare: number;
  readonly packed: number;
}

/** What stories are told with; the nights of the products have the benchmark's own (`products/bench-rates.ts`). See {@link RunnerRates}. */
const storyRates: RunnerRates = { dump: 150e6, download: 300e6, restore: 60e6, compare: 190e6, packed: 0.37 };

/** What befalls a run of a database, once each time it is expected. */
export type RunTrouble =
  /** The source cannot be reached, or refuses: the run says so and ends `failed`. */
  | { readonly kind: "fails"; readonly because: string }
  /** The restored copy is not equal. */
  | { readonly kind: "differs"; readonly differences: readonly string[] }
  /** The copy is equal and its contents look wrong. */
  | { readonly kind: "suspect"; readonly because: string }
  /** The verifier does not see a damaged copy. */
  | { readonly kind: "blind" }
  /** The task is killed in this phase, without a word. */
  | { readonly kind: "dies"; readonly in: RunPhase }
  /** It neither ends nor says anything any more from this phase on. */
  | { readonly kind: "hangs"; readonly in: RunPhase }
  /** A migration waits behind the dump's locks so many times: it lets it through and begins again. */
  | { readonly kind: "yields"; readonly times: number }
  /** Everything takes so many times as long. */
  | { readonly kind: "slow"; readonly times: number };

/** What the simulated runner finds, and what befalls it. */
export class LabDatabases {
  rates: RunnerRates = storyRates;
  /** Schedules that never ring, by the end of their name: `night.shop`. */
  readonly silent = new Set<string>();
  readonly #known = new Map<string, LabDatabase>();
  readonly #expected = new Map<string, RunTrouble[]>();

  add(of: string, database: LabDatabase): void {
    this.#known.set(of, database);
  }

  /** What befalls the next run of this database; several are taken one a run. Runs that only read its manifest have troubles of their own. */
  expect(of: string, trouble: RunTrouble, run: "backup" | "manifest" = "backup"): void {
    const key = `${run} ${of}`;
    this.#expected.set(key, [...(this.#expected.get(key) ?? []), trouble]);
  }

  /** Undefined: the config names one that the world does not have. */
  find(of: string): LabDatabase | undefined {
    return this.#known.get(of);
  }

  /** Every database there is. */
  get names(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** Takes the trouble that was expected. */
  befalls(of: string, run: "backup" | "manifest"): RunTrouble | undefined {
    return this.#expected.get(`${run} ${of}`)?.shift();
  }
}

/** How long reading or writing so many bytes takes. */
export const taking = (bytes: number, perSecond: number): Ms => Math.round((bytes / perSecond) * 1_000) as Ms; // Bytes over bytes a second, in milliseconds.
