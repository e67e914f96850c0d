import { epochMs } from "@nightshift/model";
import type { Clock } from "@nightshift/ports";
import type { Patience } from "./retry.ts";

/** The clock of the machine. */
export const systemClock: Clock = { now: () => epochMs(Date.now()) };

/** Real waiting and real chance. */
export const systemPatience: Patience = {
  pause: (length) => new Promise((resolve) => setTimeout(resolve, length)),
  random: () => Math.random(),
};
