/** What one call costs in US dollars, by `service:Operation`; names without a price cost nothing. */
export type Prices = Readonly<Record<string, number>>;

/** Counts calls and adds up their price. */
export class CallMeter {
  readonly #calls = new Map<string, number>();
  readonly #byCaller = new Map<string, number>();
  readonly #prices: Prices;
  #dollars = 0;

  constructor(prices: Prices = {}) {
    this.#prices = prices;
  }

  count(name: string, caller: string): void {
    this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
    this.#byCaller.set(caller, (this.#byCaller.get(caller) ?? 0) + 1);
    this.#dollars += this.#prices[name] ?? 0;
  }

  /** Calls so far, by `service:Operation`, sorted by name. */
  get calls(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#calls].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Calls so far of one caller, or of all. */
  total(caller?: string): number {
    if (caller !== undefined) return this.#byCaller.get(caller) ?? 0;
    return [...this.#calls.values()].reduce((sum, n) => sum + n, 0);
  }

  get dollars(): number {
    return this.#dollars;
  }
}
