import { minutes, seconds } from "@nightshift/model";
import { scenario } from "../scenario/scenario.ts";
import { workerFails } from "../world/index.ts";
import { PROMISE, QUIET, workers, WORKERS } from "./workers.ts";

export const deployWhileIdle = scenario({
  name: "deployment-holds-scale-in",
  title: "A deployment begins while five of six workers could go: none goes before it is over",
  source: "decision 34: during a deployment scale-out is allowed and scale-in is not",
  before: (stage) => workers(stage, { desired: 6, jobs: { jobsPerMinute: 30 } }),
  plot: (stage) => stage.at(seconds(20), () => void stage.deploy(WORKERS)),
  lasts: minutes(45),
  expected: {
    ...QUIET,
    verdict: "none",
    serves: { [WORKERS]: "deployed" },
    scaling: { service: WORKERS, desired: 1, violating: { promise: PROMISE, atMost: 0 }, stillWhileDeploying: true },
  },
});

export const rollbackPreempts = scenario({
  name: "rollback-pre-empts-scale-in",
  title: "A bad revision is deployed in the very moment of a scale-in: the rollback lifts the protections and takes the service over",
  source: "decision 34: the guard lifts the scaler's task protections before it acts; plan 0006, decision 3",
  before: (stage) => workers(stage, { desired: 8, jobs: { jobsPerMinute: 30, takes: { median: seconds(5) } } }),
  plot: (stage) => {
    let deployed = false;
    // The moment in which the count was lowered and the others are protected still.
    const watch = (): void => {
      if (!deployed && stage.world.protectedTasks(WORKERS) > 0 && stage.world.desired(WORKERS) < 8) {
        deployed = true;
        stage.deploy(WORKERS, { bad: true, behaviour: workerFails({ share: 1, exitsAfter: seconds(20) }) });
      }
      if (!deployed) stage.at(seconds(0.2), watch);
    };
    watch();
  },
  lasts: minutes(60),
  expected: {
    verdict: "roll-back",
    toBlame: true,
    rollbacks: 1,
    serves: { [WORKERS]: "before" },
    tells: ["rolled back"],
    // What the bad revision had taken before it crashed comes back after Celery's visibility timeout, an hour later.
    scaling: { service: WORKERS, cutOff: 0, late: 20, desired: { from: 1, to: 8 }, stillWhileDeploying: true },
  },
});
