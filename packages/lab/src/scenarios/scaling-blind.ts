import { minutes, seconds } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import type { Stage } from "../scenario/stage.ts";
import { PROMISE, QUIET, workers, WORKERS } from "./workers.ts";

/** Eight workers that have little to do: whoever believes in an empty queue takes them away. */
const eight = (stage: Stage) =>
  workers(stage, { desired: 8, jobs: { jobsPerMinute: 600, takes: { median: seconds(2.4), spread: 0.2 } }, scaling: { maxStep: 4 } });

export const brokerUnreachable = scenario({
  name: "broker-unreachable",
  title: "The broker cannot be reached for ten minutes: nothing is changed, it is told once, and then it goes on slowly",
  source: "issue 4: no scale-in, one notice, no action until two fresh agreeing looks, then at most one step; facts/scaling.md 1: HireFire scales in here",
  before: eight,
  plot: (stage) => {
    stage.world.celery.broker().trouble.expect("unreachable", { from: minutes(5), for: minutes(10) });
    stage.at(minutes(9), () => stage.world.celery.publish(WORKERS, { count: 900, over: seconds(30), takes: { median: seconds(3) } }));
  },
  lasts: minutes(40),
  expected: {
    ...QUIET,
    tells: ["the broker cannot be read"],
    scaling: {
      service: WORKERS,
      still: [{ from: minutes(5), to: minutes(15.25), what: "changes" }],
      told: [{ words: "What waits is not known", times: 1 }],
    },
  },
});

export const brokerStale = scenario({
  name: "broker-figures-stale",
  title: "For ten minutes the broker answers with what was so before, and nobody is heard: nothing is changed over it, and it is told once",
  source: "issue 4: stale metrics; facts/scaling.md 5: metrics stale, hold",
  before: eight,
  plot: (stage) => stage.world.celery.broker().trouble.expect("frozen", { from: minutes(5), for: minutes(10) }),
  lasts: minutes(35),
  expected: {
    ...QUIET,
    tells: ["the broker cannot be read"],
    scaling: {
      service: WORKERS,
      violating: { promise: PROMISE, atMost: 0 },
      still: [{ from: minutes(5), to: minutes(15.25), what: "changes" }],
      told: [{ words: "its figures stand still", times: 1 }],
    },
  },
});

export const brokerLies = scenario({
  name: "broker-lies-zero",
  title: "For a minute the broker says that nothing is there, while every worker is busy",
  source: "issue 4: lying metrics (zero for a minute); facts/scaling.md 0: LLEN=0 and unacked=0 does not mean idle",
  before: eight,
  plot: (stage) => stage.world.celery.broker().trouble.expect("zero", { from: minutes(6), for: minutes(1) }),
  lasts: minutes(30),
  expected: {
    ...QUIET,
    scaling: { service: WORKERS, violating: { promise: PROMISE, atMost: 0 }, still: [{ from: minutes(6), to: minutes(7.25), what: "scale-ins" }] },
  },
});

export const workersUnheard = scenario({
  name: "workers-unheard",
  title: "No worker is heard for twelve minutes: none can be seen empty, so none is taken away",
  source: "facts/scaling.md 2.4: heartbeats are absent with --without-heartbeat; unknown is never zero",
  before: (stage) => workers(stage, { desired: 6 }),
  plot: (stage) => stage.world.celery.broker().trouble.expect("deaf", { from: seconds(0), for: minutes(12) }),
  lasts: minutes(40),
  expected: {
    ...QUIET,
    scaling: {
      service: WORKERS,
      desired: { from: 1, to: 2 },
      violating: { promise: PROMISE, atMost: 0 },
      still: [{ from: minutes(0), to: minutes(12), what: "scale-ins" }],
    },
  },
});
