/** One look at both clocks, in milliseconds. */
interface Look {
  readonly real: number;
  readonly simulated: number;
}

/** How far back the measure looks, in real milliseconds: long enough that one slow beat is no news, short enough that the page is up to date. */
const WINDOW_MS = 4_000;
/** Less than this says nothing yet. */
const LEAST_MS = 1_500;
/** A story that goes at this share of the chosen speed keeps up well enough. */
const KEEPS_UP = 0.8;

/** How fast the story really goes: a slow machine does not reach every speed that can be chosen. */
export class Pace {
  #looks: readonly Look[] = [];

  /** Forgets what was measured: another speed or another story begins. */
  restart(): void {
    this.#looks = [];
  }

  /** Notes where both clocks stand. */
  note(look: Look): void {
    const recent = this.#looks.filter(({ real }) => look.real - real <= WINDOW_MS);
    this.#looks = [...recent, look];
  }

  /** Simulated seconds in a real one, with one digit, when that is clearly less than the chosen speed; undefined while the story keeps up or too little is known. */
  behind(chosen: number): number | undefined {
    const first = this.#looks[0];
    const last = this.#looks.at(-1);
    if (chosen === 0 || first === undefined || last === undefined || last.real - first.real < LEAST_MS) return undefined;
    const speed = (last.simulated - first.simulated) / (last.real - first.real);
    return speed < chosen * KEEPS_UP ? Math.round(speed * 10) / 10 : undefined;
  }
}
