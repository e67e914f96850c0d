/** What is counted while a run goes on. Moments and lengths are milliseconds. */
export class FlowCounts {
  now = 0;
  published = 0;
  delivered = 0;
  finished = 0;
  running = 0;
  ready = 0;
  reserved = 0;
  busyArea = 0;
  slotArea = 0;
  /** Billed milliseconds of workers that ended. */
  endedBilled = 0;
  killed = 0;
  reclaimed = 0;
  reRun = 0;
  lost = 0;
  /** Killed and not yet given back by the broker. */
  unseen = 0;
  peakWorkers = 0;
}
