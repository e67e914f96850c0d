import { minutes, seconds } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { QUIET, workers, WORKERS } from "./workers.ts";

export const saturated = scenario({
  name: "workers-saturated",
  title: "The database has room for eight jobs at once: more workers do not help, and it says so",
  source: "requirement W1; facts/scaling.md 5: saturation, the bottleneck is not the workers",
  before: (stage) => workers(stage, { jobs: { jobsPerMinute: 200, takes: { median: seconds(2), spread: 0.2 } }, scaling: { max: 40 } }),
  plot: (stage) => {
    stage.world.celery.fleet(WORKERS).expect({ slots: 8, from: minutes(6), for: minutes(30) });
    stage.world.spike(WORKERS, { from: minutes(8), for: minutes(20), times: 1.4 });
  },
  lasts: minutes(75),
  expected: {
    ...QUIET,
    tells: ["More workers do not help"],
    scaling: {
      service: WORKERS,
      // Eight do all that can be done; each try after five minutes adds half as many again.
      peak: { from: 3, to: 27 },
      told: [{ words: "More workers do not help", times: { from: 1, to: 3 } }],
      addsNobodyAfter: { words: "More workers do not help", for: minutes(4.9) },
    },
  },
});

export const atMaxBroken = scenario({
  name: "at-max-and-late",
  title: "Four workers are the most there may be, and they are not enough: told once, with the number that would do",
  source: "issue 4: thread notice only when a person would care: at max and the promise is broken",
  before: (stage) => workers(stage, { jobs: { jobsPerMinute: 60 }, scaling: { max: 4 } }),
  plot: (stage) => stage.at(minutes(5), () => stage.world.celery.publish(WORKERS, { count: 3_000, over: minutes(10), takes: { median: seconds(6) } })),
  lasts: minutes(60),
  expected: {
    ...QUIET,
    tells: ["All 4 workers are asked for"],
    scaling: { service: WORKERS, peak: 4, desired: { from: 1, to: 2 }, told: [{ words: "All 4 workers are asked for", times: 1 }] },
  },
});

export const rival = scenario({
  name: "application-auto-scaling-beside",
  title: "Application Auto Scaling has the same service: Nightshift does not fight it",
  source: "decision 45: Application Auto Scaling on the same service is refused",
  before: (stage) => {
    const config = workers(stage);
    stage.lab.autoscaling.register({ cluster: "prod", service: WORKERS, min: 1, max: 10 });
    return config;
  },
  plot: (stage) => stage.at(minutes(5), () => stage.world.celery.publish(WORKERS, { count: 900, over: minutes(1), takes: { median: seconds(3) } })),
  lasts: minutes(40),
  expected: {
    ...QUIET,
    tells: ["Application Auto Scaling"],
    scaling: { service: WORKERS, changes: 0, told: [{ words: "Application Auto Scaling", times: { from: 1, to: 3 } }] },
  },
});

export const thrash = scenario({
  name: "workers-thrash",
  title: "Work comes and goes every few minutes: the count does not follow each wave, or says that it does",
  source: "issue 4: thrash is told; facts/scaling.md 5.2: reversals",
  before: (stage) => workers(stage, { jobs: { jobsPerMinute: 20 }, scaling: { wait: seconds(75), inCoolDown: seconds(30) } }),
  plot: (stage) => {
    for (let wave = 0; wave < 12; wave += 1)
      stage.at(minutes(4 + 6 * wave), () => stage.world.celery.publish(WORKERS, { count: 400, over: seconds(40), takes: { median: seconds(4) } }));
  },
  lasts: minutes(90),
  expected: {
    ...QUIET,
    tells: ["the number of workers goes up and down"],
    scaling: { service: WORKERS, desired: { from: 1, to: 2 }, told: [{ words: "The number of workers turned", times: 1 }] },
  },
});
