import { minutes, seconds } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { PROMISE, QUIET, workers, WORKERS } from "./workers.ts";

export const backlogBurst = scenario({
  name: "backlog-burst",
  title: "Twelve hundred jobs come within a minute: more workers before the promise breaks, fewer afterwards",
  source: "requirement W1, W2; facts/scaling.md 0: the fewest worker-hours that keep the promised wait",
  before: (stage) => workers(stage),
  plot: (stage) =>
    stage.at(minutes(5), () => stage.world.celery.publish(WORKERS, { count: 1_200, over: minutes(1), takes: { median: seconds(3), spread: 0.3 } })),
  lasts: minutes(45),
  expected: {
    ...QUIET,
    scaling: {
      service: WORKERS,
      violating: { promise: PROMISE, atMost: 0 },
      peak: { from: 8, to: 10 },
      desired: { from: 1, to: 2 },
      changes: { from: 2, to: 14 },
    },
  },
});

export const longTaskSurvives = scenario({
  name: "long-task-survives-scale-in",
  title: "Ten workers and nothing to do but one job of ten minutes: nine go, and the job is done",
  source: "issue 4: a running task survives a scale-in from 10 to 1; decision 42",
  before: (stage) => workers(stage, { desired: 10, celery: { concurrency: 1 }, jobs: { jobsPerMinute: 0 } }),
  plot: (stage) => stage.at(minutes(1), () => stage.world.celery.publish(WORKERS, { count: 1, takes: { median: minutes(10) } })),
  lasts: minutes(30),
  expected: { ...QUIET, scaling: { service: WORKERS, desired: 1, peak: 10, violating: { promise: PROMISE, atMost: 0 } } },
});

export const longTasksSurvive = scenario({
  name: "long-tasks-survive-scale-in",
  title: "Every one of ten workers runs a job of six to fourteen minutes while nine are to go",
  source: "issue 4: 0 killed tasks; facts/scaling.md 2.5: whom ECS stops is not the one with the least to do",
  before: (stage) => workers(stage, { desired: 10, celery: { concurrency: 1 }, jobs: { jobsPerMinute: 0 } }),
  plot: (stage) => {
    for (let i = 0; i < 10; i += 1) stage.at(seconds(5), () => stage.world.celery.publish(WORKERS, { count: 1, takes: { median: minutes(6 + (8 * i) / 9) } }));
  },
  lasts: minutes(45),
  expected: { ...QUIET, scaling: { service: WORKERS, desired: 1, peak: 10, violating: { promise: PROMISE, atMost: 0 } } },
});

export const toZero = scenario({
  name: "scale-to-zero",
  title: "Nothing to do for a while: no worker is left; a job comes and finds one",
  source: "requirement W1; decision 45: quiet for three minutes, and the smallest promise is kept from zero",
  before: (stage) => workers(stage, { desired: 1, jobs: { jobsPerMinute: 0 }, scaling: { min: 0, wait: minutes(3), idleBeforeZero: minutes(3) } }),
  plot: (stage) => stage.at(minutes(20), () => stage.world.celery.publish(WORKERS, { count: 3, takes: { median: seconds(5) } })),
  lasts: minutes(45),
  expected: {
    ...QUIET,
    serves: {},
    scaling: {
      service: WORKERS,
      desired: 0,
      peak: { from: 1, to: 2 },
      changes: { from: 3, to: 5 },
      violating: { promise: minutes(3), atMost: 0 },
      still: [{ from: minutes(0), to: minutes(3), what: "changes" }],
    },
  },
});

export const spotWorkers = scenario({
  name: "spot-reclaims-workers",
  title: "AWS takes two of four Spot workers back: they finish what they run, and are replaced without a word",
  source: "requirement W5; decision 41: reclaims count as starts in flight",
  before: (stage) =>
    workers(stage, {
      desired: 5,
      service: { spot: { onDemandBase: 1 } },
      jobs: { jobsPerMinute: 450, takes: { median: seconds(2), spread: 0.3 } },
      scaling: { spot: { onDemandBase: 1 }, min: 5 },
    }),
  plot: (stage) => stage.at(minutes(6), () => stage.world.interrupt(WORKERS, { count: 2, code: "SpotInterruption" })),
  lasts: minutes(30),
  expected: {
    ...QUIET,
    scaling: { service: WORKERS, violating: { promise: PROMISE, atMost: 0 }, desired: { from: 5, to: 7 }, peak: { from: 5, to: 8 } },
  },
});
