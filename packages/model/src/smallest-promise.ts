import { type Ms, ms, seconds } from "./time.ts";
import type { WorkerSettings } from "./worker-settings.ts";

/** Between two looks at a service where nothing happens, and at a busy one (decision 35). */
const quietLook = seconds(60);
const busyLook = seconds(15);

/**
 * The shortest wait that can be promised for a task that nobody forecast: until it is seen, and until a worker stands. With
 * workers that always stand (`min` above 0) their free slots start the first tasks at once, and what comes in a burst on top
 * waits for so long (facts/scaling.md 4.3).
 */
export const smallestPromise = ({ min, startTime }: Pick<WorkerSettings, "min" | "startTime">): Ms => ms((min === 0 ? quietLook : busyLook) + startTime);
