import { automation } from "@nightshift/runtime";
import { carryOut, type ScalerReceipt } from "./carry-out.ts";
import { decideLook, type ScalerFacts, type ToLeave, type ToScale } from "./decide-look.ts";
import { observe } from "./look.ts";
import { manifest } from "./manifest.ts";
import { rememberLook } from "./remember.ts";
import type { LookDue, ScalerSettings } from "./settings.ts";
import { tellLook } from "./tell.ts";

/**
 * One look at one worker service: as many workers as keep the promised wait, and none of them stopped at work. A scale-in goes over
 * several looks, each of which does what the last one left: drain, seen empty, others protected, lowered, proven.
 */
export const scaler = automation({
  name: "scaler",
  uses: manifest.uses,
  // Of two looks that began with the same row, one gets on: its number is its own.
  key: ({ service, state }: LookDue) => `scaler/${service}/${(state?.version ?? 0) + 1}`,
  chain: ({ service }) => service,

  detect: (look, settings: ScalerSettings, run): Promise<ScalerFacts> =>
    run.step("look at the queue and the workers", (world) => observe(world, look, settings)),

  decide: (facts): ToScale | ToLeave => decideLook(facts),

  // No waiting: where a person must say yes, the next look acts if they did and it is still wanted.
  consent: (verdict: ToScale) => verdict.consent,

  act: (verdict, facts, run): Promise<ScalerReceipt> => carryOut(run, verdict, facts),

  // The next look sees what became of it, 15 seconds later; a count that was lowered is proven by which tasks stopped.
  verify: async (receipt) => ({ kind: receipt.kind }),

  tell: tellLook,
  remember: rememberLook,
});
