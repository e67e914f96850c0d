import type { FlowAccount } from "../policy.ts";

/** CPU of a service whose slots are each a busy process: busy slots of all slots, averaged since the last look. */
export class CpuMeter {
  #busy = 0;
  #slots = 0;

  /** Percent; 0 where nothing stood. */
  percentSince({ busyArea, slotArea }: FlowAccount): number {
    const busy = busyArea - this.#busy;
    const slots = slotArea - this.#slots;
    this.#busy = busyArea;
    this.#slots = slotArea;
    return slots <= 0 ? 0 : Math.min(100, (100 * busy) / slots);
  }
}
