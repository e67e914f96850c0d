import { type Ms, ms, seconds, type WorkerSettings } from "@nightshift/model";

/**
 * The shortest promise that these settings can keep for the first task of all. From zero workers: it is seen at the next look and
 * a worker starts. With workers standing: one look, because what comes beyond what they can take waits for a
 * start whatever is decided (facts/scaling.md 4.3).
 */
export const smallestPromise = (settings: Pick<WorkerSettings, "min" | "startTime">): Ms => (settings.min > 0 ? LOOK : ms(LOOK + settings.startTime + SLACK));

/** The shortest time between two looks (decision 35); a quiet service is looked at so often where its promise needs it. */
const LOOK = seconds(15);
/** Probe, call and Celery's own start of consuming. */
const SLACK = seconds(5);
