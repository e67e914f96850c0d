import { parseEventText } from "@nightshift/events";
import { epochMs, seconds } from "@nightshift/model";
import type { Ticks } from "@nightshift/ports";
import { describe, expect, it } from "vitest";

/** The way to the next look, and a way to see the events queue. */
export interface TicksStage {
  readonly ticks: Ticks;
  /** Takes what can be received now. */
  received(): Promise<readonly string[]>;
  /** How many messages wait for their time. */
  delayed(): Promise<number>;
}

/** What every implementation shows about looks that come later. */
export function ticksContract(name: string, make: () => Promise<TicksStage>): void {
  const tick = { service: "worker", due: epochMs(1_795_251_615_000) };
  describe(`ticks on ${name}`, () => {
    it("a look without a wait is an event that the dispatcher understands", async () => {
      const { ticks, received } = await make();
      await ticks.later(tick, seconds(0));
      const [text = "", ...more] = await received();
      expect(more).toEqual([]);
      expect(parseEventText(text)).toMatchObject({ kind: "scaling-tick", id: "worker/1795251615000", tick });
    });

    it("a look with a wait is not there before its time", async () => {
      const { ticks, received, delayed } = await make();
      await ticks.later(tick, seconds(900));
      expect([await received(), await delayed()]).toEqual([[], 1]);
    });
  });
}
