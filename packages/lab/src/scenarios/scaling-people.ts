import { minutes, seconds } from "@nightshift/model";
import type { Stage } from "../scenario/stage.ts";
import { scenario } from "../scenario/scenario.ts";
import { answers, holds } from "./people.ts";
import { PROMISE, QUIET, workers, WORKERS } from "./workers.ts";

const burst = (stage: Stage) =>
  stage.at(minutes(5), () => stage.world.celery.publish(WORKERS, { count: 1_200, over: minutes(1), takes: { median: seconds(3), spread: 0.3 } }));

export const workersHeld = scenario({
  name: "workers-held",
  title: "A person holds everything: neither a burst nor idle workers change the count",
  source: "decision 1: a hold stops every automatic effect, and is checked between every two effects",
  before: (stage) => workers(stage, { desired: 4 }),
  plot: (stage) => {
    holds(stage, minutes(0.5), "all", "database maintenance until noon");
    burst(stage);
  },
  lasts: minutes(30),
  expected: { ...QUIET, scaling: { service: WORKERS, changes: 0, desired: 4 } },
});

export const workersShadow = scenario({
  name: "workers-shadow-mode",
  title: "In shadow mode a burst changes nothing; what would have been done is on record",
  source: "decision 2: modes are shadow, ask, auto everywhere, scaling too",
  before: (stage) => workers(stage, { mode: "shadow", desired: 4 }),
  plot: burst,
  lasts: minutes(30),
  expected: { ...QUIET, scaling: { service: WORKERS, changes: 0, desired: 4, decided: ["out", "drain"] } },
});

export const workersAsk = scenario({
  name: "workers-ask-approved",
  title: "In ask mode a person says yes in Slack, and workers are added up to what was asked",
  source: "decision 2: in ask mode a timeout never acts",
  before: (stage) => workers(stage, { mode: "ask", scaling: { min: 2 } }),
  plot: (stage) => {
    burst(stage);
    answers(stage, minutes(6.5), "approved");
  },
  lasts: minutes(20),
  expected: {
    ...QUIET,
    verdict: "ask",
    tells: ["May I scale shop-worker out", "is set from 2 to"],
    scaling: { service: WORKERS, peak: { from: 4, to: 10 }, changes: { from: 1, to: 6 }, still: [{ from: minutes(0), to: minutes(6.5), what: "changes" }] },
  },
});

export const workersAskUnanswered = scenario({
  name: "workers-ask-unanswered",
  title: "In ask mode nobody answers: nothing is changed, however late the jobs are",
  source: "decision 2: in ask mode a timeout never acts",
  before: (stage) => workers(stage, { mode: "ask" }),
  plot: burst,
  lasts: minutes(40),
  expected: { ...QUIET, verdict: "ask", tells: ["May I scale shop-worker", "Nobody answered in time"], scaling: { service: WORKERS, changes: 0, desired: 2 } },
});

export const scaleOrdered = scenario({
  name: "scale-ordered",
  title: "An operator orders six workers for 15 minutes: they stand, and when the order ends they go without a job cut off",
  source: "decision 45: manual /ops scale … --for is obeyed, with expiry",
  before: (stage) => workers(stage, { desired: 1 }),
  plot: (stage) => stage.slash("U0123LEAD", minutes(3), `scale ${WORKERS} 6 --for 15m`),
  lasts: minutes(40),
  expected: {
    ...QUIET,
    tells: ["lead orders 6 workers for shop-worker"],
    scaling: {
      service: WORKERS,
      peak: 6,
      desired: 1,
      changes: { from: 2, to: 8 },
      violating: { promise: PROMISE, atMost: 0 },
      still: [{ from: minutes(4), to: minutes(18), what: "changes" }],
    },
  },
});
