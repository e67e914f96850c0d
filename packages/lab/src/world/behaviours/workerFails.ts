import type { Ms } from "@nightshift/model";
import type { Behaviour } from "../behaviour.ts";

/** A worker that fails a share of its jobs, or exits after `exitsAfter` each time it started. */
export function workerFails(how: { readonly share: number; readonly exitsAfter?: Ms }): Behaviour {
  const says = "KeyError: 'design_id' while handling render_design";
  const exitsAfter = how.exitsAfter;
  return {
    name: "worker-fails",
    serve: (at) => at.base,
    jobFailures: () => how.share,
    ...(exitsAfter === undefined ? {} : { death: () => ({ after: exitsAfter, exitCode: 1, lastWords: [says] }) }),
    complaint: says,
  };
}
