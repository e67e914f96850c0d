import type { Ms } from "@nightshift/model";
import type { Behaviour } from "../behaviour.ts";

/** Cold caches: errors and latency after the start, gone by themselves after `lasts`. */
export function selfHealingWarmup(how: { readonly share: number; readonly lasts: Ms; readonly slower?: number }): Behaviour {
  return {
    name: "self-healing-warmup",
    serve: (at) => {
      const cold = Math.max(0, 1 - at.sinceStart / how.lasts);
      const factor = 1 + ((how.slower ?? 4) - 1) * cold;
      return { errorShare: Math.min(1, at.base.errorShare + how.share * cold), p50: at.base.p50 * factor, p99: at.base.p99 * factor };
    },
    complaint: "WARN cache miss, upstream timed out",
  };
}
