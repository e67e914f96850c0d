import type { EpochMs, Ms } from "@nightshift/model";
import type { Kernel } from "../../kernel.ts";

/** Trouble of the platform that no revision is to blame for. */
export type Trouble = "no-capacity" | "throttled-pulls";

/** When which trouble holds. */
export class Weather {
  private readonly kernel: Kernel;
  private readonly windows: { readonly trouble: Trouble; readonly from: EpochMs; readonly until: EpochMs }[] = [];

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  expect(trouble: Trouble, window: { readonly from: Ms; readonly for: Ms }): void {
    const from = (this.kernel.clock.now() + window.from) as EpochMs; // A moment plus a length.
    this.windows.push({ trouble, from, until: (from + window.for) as EpochMs }); // As above.
    this.kernel.record({ kind: "world", what: trouble, about: "platform", detail: { from, for: window.for } });
  }

  has(trouble: Trouble): boolean {
    const now = this.kernel.clock.now();
    return this.windows.some((one) => one.trouble === trouble && now >= one.from && now < one.until);
  }
}
