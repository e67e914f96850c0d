/** What the scheduler needs to know about one running deployment's tasks. */
export interface Counts {
  /** Wanted by the service. */
  readonly desired: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** Tasks of the primary that should run, and how many of them are healthy. */
  readonly mine: number;
  readonly mineHealthy: number;
  /** The same for every older deployment together. */
  readonly older: number;
  readonly olderHealthy: number;
}

/** How many tasks to start and to stop now. */
export interface RollingStep {
  readonly start: number;
  /** Healthy older tasks that may go. */
  readonly stopOlder: number;
  /** Tasks of the primary beyond the desired count. */
  readonly stopMine: number;
}

/**
 * A rolling replacement: never below `minimumHealthyPercent` (rounded up) healthy, never above `maximumPercent` (rounded down) in all
 * ("Deploy Amazon ECS services by replacing tasks", docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html, read 2026-11-21).
 */
export function rollingStep(counts: Counts): RollingStep {
  const least = Math.ceil((counts.desired * counts.minimumHealthyPercent) / 100);
  const most = Math.max(1, Math.floor((counts.desired * counts.maximumPercent) / 100));
  const missing = Math.max(0, counts.desired - counts.mine);
  const room = Math.max(0, most - counts.mine - counts.older);
  const start = Math.min(missing, room);
  const spare = Math.max(0, counts.mineHealthy + counts.olderHealthy - least);
  // Old tasks go one for one as new ones are healthy, or to make room where the maximum leaves none.
  const replaced = Math.max(0, counts.mineHealthy + counts.older - counts.desired);
  const crowded = missing > room ? missing - room : 0;
  return { start, stopOlder: Math.min(spare, Math.max(replaced, crowded), counts.olderHealthy), stopMine: Math.max(0, counts.mine - counts.desired) };
}
