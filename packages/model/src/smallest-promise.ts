import { type Ms, ms, seconds } from "./time.ts";
import type { WorkerSettings } from "./worker-settings.ts";

/** The shortest time between two looks (decision 35); a quiet service is looked at so often where its promise needs it. */
const look = seconds(15);
/** Probe, call and Celery's own start of consuming. */
const slack = seconds(5);

/**
 * The shortest promise that these settings can keep for the first task of all. From zero workers: it is seen at the next look, and a
 * worker starts. With workers standing: one look.
 */
export const smallestPromise = ({ min, startTime }: Pick<WorkerSettings, "min" | "startTime">): Ms => (min > 0 ? look : smallestPromiseInBursts({ startTime }));

/** The shortest promise that a sudden burst keeps, too: what comes beyond what standing workers can take waits for a start, whatever is decided (facts/scaling.md 4.3). */
export const smallestPromiseInBursts = ({ startTime }: Pick<WorkerSettings, "startTime">): Ms => ms(look + startTime + slack);
