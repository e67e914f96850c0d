import { type Ms, minutes, ms } from "@nightshift/model";

/** How long functions take to start where no sandbox is warm. */
export interface ColdStartSettings {
  /** By function; the others take 350 ms. */
  readonly init?: Readonly<Record<string, Ms>>;
  /** How long an idle sandbox is kept. */
  readonly warmFor?: Ms;
}

/** Our own figure for a lean bundle on Node.js; AWS names a range from under 100 ms to over 1 s. Source: "Execution environments", https://docs.aws.amazon.com/lambda/latest/operatorguide/execution-environments.html (2026-11-21). */
const INIT = ms(350);
/** AWS keeps an idle sandbox for a time that it does not tell (same source); five minutes are at the short end of what people measure. */
const WARM_FOR = minutes(5);
/** Starts differ by so much either way. */
const SPREAD = 0.3;

/** What the lab's sandboxes are told: an invocation takes a warm sandbox of its function, or waits for a new one. */
export class ColdStarts {
  readonly #settings: ColdStartSettings;
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #idle = new Map<string, number[]>();

  constructor(settings: ColdStartSettings, world: { readonly random: () => number; readonly now: () => number }) {
    this.#settings = settings;
    this.#random = world.random;
    this.#now = world.now;
  }

  /** How long this invocation waits for its sandbox; 0 when one is warm. */
  begin(functionName: string): Ms {
    const oldest = this.#now() - (this.#settings.warmFor ?? WARM_FOR);
    const warm = (this.#idle.get(functionName) ?? []).filter((since) => since >= oldest);
    // The sandbox that was used last is used first, so that the others may be given back.
    const taken = warm.pop();
    this.#idle.set(functionName, warm);
    if (taken !== undefined) return ms(0);
    const base = this.#settings.init?.[functionName] ?? INIT;
    return ms(Math.round(base * (1 - SPREAD + 2 * SPREAD * this.#random())));
  }

  /** An invocation ended by itself: its sandbox is warm. One that was killed is gone. */
  end(functionName: string): void {
    const idle = this.#idle.get(functionName) ?? [];
    this.#idle.set(functionName, [...idle, this.#now()]);
  }
}
