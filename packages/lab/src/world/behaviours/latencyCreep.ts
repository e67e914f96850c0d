import type { Ms } from "@nightshift/model";
import type { Behaviour } from "../behaviour.ts";

/** Latency rises evenly from 1 to `times` its ordinary value over `over`, then stays. */
export function latencyCreep(how: { readonly times: number; readonly over: Ms }): Behaviour {
  return {
    name: "latency-creep",
    serve: (at) => {
      const factor = 1 + (how.times - 1) * Math.min(1, at.sinceStart / Math.max(1, how.over));
      return { ...at.base, p50: at.base.p50 * factor, p99: at.base.p99 * factor };
    },
    complaint: "WARN slow query: 1 connection waiting for 900 ms",
  };
}
