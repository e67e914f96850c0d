import type { EpochMs, Ms } from "@nightshift/model";
import type { Kernel } from "../kernel.ts";

interface Spike {
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly times: number;
}

/** How much work arrives: a daily curve, and spikes. */
export class Load {
  private readonly kernel: Kernel;
  private readonly perMinute: number;
  private readonly swing: number;
  private readonly spikes: Spike[] = [];

  /** `swing` 0.3 means 30 % more at 15:00 UTC than on average, 30 % less at 03:00. */
  constructor(kernel: Kernel, perMinute: number, swing: number) {
    this.kernel = kernel;
    this.perMinute = perMinute;
    this.swing = swing;
  }

  at(moment: number): number {
    const hour = (moment / 3_600_000) % 24;
    const usual = this.perMinute * (1 + this.swing * Math.sin(((hour - 9) / 24) * 2 * Math.PI));
    return this.spikes.reduce((load, spike) => (moment >= spike.from && moment < spike.until ? load * spike.times : load), usual);
  }

  spike(spike: { readonly from: Ms; readonly for: Ms; readonly times: number }): void {
    const from = (this.kernel.clock.now() + spike.from) as EpochMs; // A moment plus a length.
    this.spikes.push({ from, until: (from + spike.for) as EpochMs, times: spike.times }); // As above.
  }
}
