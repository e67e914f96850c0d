import type { EpochMs, Ms } from "@nightshift/model";
import type { Kernel } from "../kernel.ts";

/** What may be wrong between us and a broker; its workers go on as before. */
export type TroubleKind =
  /** No answer at all. */
  | "unreachable"
  /** It answers with what was so when the trouble began. */
  | "frozen"
  /** It says that nothing is there. */
  | "zero"
  /** Figures come; no worker is heard. */
  | "deaf";

/** One stretch of trouble. */
export interface TroubleWindow {
  readonly kind: TroubleKind;
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** What a frozen broker goes on to say, by what was asked. */
  readonly said: Map<string, unknown>;
}

/** When which trouble holds. */
export class Trouble {
  readonly #kernel: Kernel;
  readonly #about: string;
  readonly #windows: TroubleWindow[] = [];

  constructor(kernel: Kernel, about: string) {
    this.#kernel = kernel;
    this.#about = about;
  }

  expect(kind: TroubleKind, window: { readonly from: Ms; readonly for: Ms }): void {
    const from = (this.#kernel.clock.now() + window.from) as EpochMs; // A moment plus a length.
    this.#windows.push({ kind, from, until: (from + window.for) as EpochMs, said: new Map() }); // As above.
    this.#kernel.record({ kind: "world", what: `broker-${kind}`, about: this.#about, detail: { from, for: window.for } });
  }

  /** The window of this kind that holds now. */
  now(kind: TroubleKind): TroubleWindow | undefined {
    const now = this.#kernel.clock.now();
    return this.#windows.find((one) => one.kind === kind && now >= one.from && now < one.until);
  }

  /** The answer that was given first in this stretch, again. */
  remembered(window: TroubleWindow, asked: string, answer: () => unknown): unknown {
    if (!window.said.has(asked)) window.said.set(asked, answer());
    return window.said.get(asked);
  }
}
