import { epochMs, type Ms } from "@nightshift/model";
import type { Clock } from "@nightshift/ports";
import type { Patience } from "./retry.ts";

/** The clock of the machine. */
export const systemClock: Clock = { now: () => epochMs(Date.now()), pause: wait };

/** Real waiting and real chance. */
export const systemPatience: Patience = {
  pause: wait,
  random: () => Math.random(),
};

function wait(length: Ms): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, length));
}
