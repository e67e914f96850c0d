/**
 * The numbers that were chosen by measuring: on the tuning seeds of `npm run bench:scaling`, never on the reported ones. Where a
 * source gave the first value it stands beside it.
 */
export const tuning = {
  /** Workers are added when the wait that is to come exceeds this share of the promise (facts/scaling.md 5: 0.7). */
  outShare: 0.8,
  /** By how many standard deviations more may come, or fewer end, than expected: when adding, and when giving up. */
  outScatter: 2,
  inScatter: 1,
  /** Seconds before the last moment at which workers must be asked for, at which they are asked for; and further seconds for which they are then enough. */
  outEarlySeconds: 10,
  outExtraSeconds: 30,
  /** Who remains must do for so many seconds beyond that moment: a start costs about a worker-minute. */
  inAheadSeconds: 90,
  /** A promise that cannot be kept is missed by at most so much more than all workers at once would miss it, in seconds. */
  closeSeconds: 3,
  /** Workers are given up only if the wait that is to come stays below this share without them. */
  inShare: 0.5,
  /** What remains must be busy at most this share of the time. */
  inUtilisation: 0.95,
  /** A surplus must last this long, in seconds: taking a worker back costs a start. */
  surplusSeconds: 15,
  /** After a promise was broken a surplus must last this long, for as long as the second figure: bursts come in rows. */
  burstSurplusSeconds: 300,
  burstRememberedSeconds: 900,
  /** An empty worker waits so long for those that drain beside it, so that one change gives up all of them, in seconds. */
  waitForOthersSeconds: 15,
  /** Windows of the two arrival rates, in seconds (facts/scaling.md 5). */
  fastSeconds: 60,
  slowSeconds: 300,
  /** A difference of the two that chance alone explains at most in so many standard deviations (facts/scaling.md 5). */
  surprise: 2,
  /** Tasks that a service time needs, and how far back they may be, in seconds (facts/scaling.md 2.4). */
  enoughCompletions: 20,
  serviceWindowSeconds: 1_200,
  /** So many ends and seconds are plenty for the slower of the two service times. */
  plentyCompletions: 60,
  serviceSlowSeconds: 120,
  /** The newest looks, and by how many standard deviations their ends must differ to be believed alone. */
  serviceRecentSeconds: 30,
  serviceSurprise: 2.5,
  /** Seconds a task is taken to last before the first one ended, as a share of the promise, and at most. */
  unknownServiceShare: 0.25,
  unknownServiceAtMost: 30,
  /** A reading older than this is stale, in seconds: three ticks of 15 s and the slack of one probe. */
  staleSeconds: 60,
} as const;
