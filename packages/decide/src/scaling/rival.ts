import type { EpochMs, ScalingMemory } from "@nightshift/model";
import type { Outlook } from "./outlook.ts";

/** Whether it is time to ask who else scales this service. */
export const rivalIsDue = (more: ScalingMemory["more"], at: EpochMs): boolean => at - (more["rivalAt"] ?? 0) >= (more["rival"] === 1 ? ASKED / 3 : ASKED);

/** Whether a rival was there when last asked, and nobody was asked since: then it is there still. */
export const rivalBefore = (o: Outlook): boolean => o.state.memory.more["rival"] === 1 && !rivalIsDue(o.state.memory.more, o.at);

/** Every quarter of an hour, less the slack of a look; of one that was there, every five minutes. */
const ASKED = 870_000;
