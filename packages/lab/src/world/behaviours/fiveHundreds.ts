import { type Ms, seconds } from "@nightshift/model";
import type { Behaviour } from "../behaviour.ts";

/** Health checks pass while a share of requests fails: `after` counts from each task's start; with `aboveLoad` only while a task gets more requests a minute than that. */
export function fiveHundreds(how: { readonly share: number; readonly after?: Ms; readonly aboveLoad?: number; readonly says?: string }): Behaviour {
  const begins = how.after ?? seconds(0);
  return {
    name: "five-hundreds",
    serve: (at) => {
      const failing = at.sinceStart >= begins && at.load > (how.aboveLoad ?? -1);
      return failing ? { ...at.base, errorShare: Math.min(1, at.base.errorShare + how.share) } : at.base;
    },
    complaint: how.says ?? "TypeError: Cannot read properties of undefined (reading 'total')",
  };
}
