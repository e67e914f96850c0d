import { guard } from "@nightshift/model/guards";
import type { RunEnding, RunStands } from "./judge-run.ts";

/** What a comparison of a restored instance came to. */
export interface Comparison {
  readonly kind: "proven" | "red";
  readonly because: readonly string[];
  readonly end: RunEnding | undefined;
}

/** Proven is what was compared without a difference; a comparison that died, or never ended within its hours, proves nothing. */
export function judgeComparison(stands: RunStands, hours: number): Comparison {
  switch (stands.kind) {
    case "going":
      return { kind: "red", because: [`it was not compared within ${hours} hours`], end: undefined };
    case "died":
      return { kind: "red", because: [`the comparison died: ${stands.because}`], end: undefined };
    case "ended": {
      const { end } = stands;
      if (!guard("only what was compared is proven", end.state !== "verified" || end.differences.length > 0))
        return { kind: "proven", because: ["restored and compared without a difference"], end };
      return { kind: "red", because: [end.because ?? "it differs", ...end.differences.filter((one) => one !== end.because)], end };
    }
  }
}
