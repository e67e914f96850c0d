import type { Figure } from "../measure.ts";
import { faultMix, slackAway } from "./delivery.ts";
import { oneService, tenAtOnce, tenThousand } from "./storms.ts";
import { escalation, firstNotice } from "./timing.ts";

/** Every case, by the name that `--only` takes. */
export const cases: Readonly<Record<string, (seed: number) => Promise<readonly Figure[]>>> = {
  "storm-200": (seed) => oneService(seed, 200),
  "storm-1000": (seed) => oneService(seed, 1_000),
  "ten-at-once": tenAtOnce,
  "ten-thousand": tenThousand,
  "fault-mix": faultMix,
  "slack-away": slackAway,
  "first-notice": firstNotice,
  escalation,
};
