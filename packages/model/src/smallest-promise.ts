import { type Ms, ms, seconds } from "./time.ts";
import type { WorkerSettings } from "./worker-settings.ts";

/** Looks of a busy and of a quiet service (decision 35). */
const busyLook = seconds(15);
const quietLook = seconds(60);
/** Probe, call and Celery's own start of consuming. */
const slack = seconds(5);

/**
 * The shortest promise that these settings can keep for the first task of all. From zero workers: it is seen at the next look of a
 * quiet service, and a worker starts. With workers standing: one look.
 */
export const smallestPromise = ({ min, startTime }: Pick<WorkerSettings, "min" | "startTime">): Ms => (min > 0 ? busyLook : ms(quietLook + startTime + slack));

/** The shortest promise that a sudden burst keeps, too: what comes beyond what standing workers can take waits for a start, whatever is decided (facts/scaling.md 4.3). */
export const smallestPromiseInBursts = ({ startTime }: Pick<WorkerSettings, "startTime">): Ms => ms(busyLook + startTime + slack);
