import { type Ms, ms, seconds, type WorkerSettings } from "@nightshift/model";

/**
 * The shortest promise that these settings can keep for the first task of all. From zero workers: it is seen at the next look of a
 * quiet service, and a worker starts. With workers standing: one look, because what comes beyond what they can take waits for a
 * start whatever is decided (facts/scaling.md 4.3).
 */
export const smallestPromise = (settings: Pick<WorkerSettings, "min" | "startTime">): Ms =>
  settings.min > 0 ? LOOK : ms(QUIET_LOOK + settings.startTime + SLACK);

/** Looks of a busy and of a quiet service (decision 35). */
const LOOK = seconds(15);
const QUIET_LOOK = seconds(60);
/** Probe, call and Celery's own start of consuming. */
const SLACK = seconds(5);
