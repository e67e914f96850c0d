import type { EpochMs, ScalingMemory } from "@nightshift/model";
import type { Outlook } from "./outlook.ts";

/** Whether a look at this moment asks who else scales this service. While nothing happens nobody needs to know; the first look must. */
export const asksForRival = ({ more, quietSince }: Pick<ScalingMemory, "more" | "quietSince">, at: EpochMs): boolean =>
  (quietSince === undefined || more["rivalAt"] === undefined) && at - (more["rivalAt"] ?? 0) >= (more["rival"] === 1 ? ASKED / 3 : ASKED);

/** Whether a rival was there when last asked, and nobody was asked since: then it is there still. */
export const rivalBefore = (o: Outlook): boolean => o.state.memory.more["rival"] === 1 && !asksForRival(o.state.memory, o.at);

/** Every quarter of an hour, less the slack of a look; of one that was there, every five minutes. */
const ASKED = 870_000;
