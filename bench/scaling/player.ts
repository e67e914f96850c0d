import { parentPort } from "node:worker_threads";
import { mostAtOnce } from "@nightshift/lab/flow/policies/most-at-once";
import { nightshift } from "@nightshift/lab/flow/policies/nightshift";
import type { FlowPolicy } from "@nightshift/lab/flow/policy";
import { simulate } from "@nightshift/lab/flow/simulate";
import type { Workload } from "@nightshift/lab/flow/workload";
import { minutes } from "@nightshift/model";
import { synthetic, syntheticNames } from "@nightshift/lab/flow/workloads/synthetic";
import { fewestWorkerHours } from "./bound.ts";
import { drained, nameOf, used } from "./grid.ts";
import type { Played, Round } from "./round.ts";
import { reportedTraces, tuningTraces } from "./traces.ts";

/** One thread of the benchmark: takes rounds, plays each of their policies, hands back the outcomes. */
const policies: ReadonlyMap<string, FlowPolicy> = new Map(
  [
    nightshift(),
    nightshift({ name: "nightshift, no remote control", settings: { control: "none" } }),
    nightshift({ name: "nightshift, 3 min idle before zero", settings: { idleBeforeZero: minutes(3) } }),
    ...used,
    ...drained,
  ].map((policy) => [nameOf(policy), policy]),
);

parentPort?.on("message", (round: Round) => {
  parentPort?.postMessage(play(round));
});

function play(round: Round): Played {
  const workload = workloadOf(round);
  const { seed } = round;
  return {
    round: { ...round, policies: [] },
    says: workload.says,
    source: workload.source,
    promiseSeconds: workload.wait / 1_000,
    bound: round.bound ? fewestWorkerHours(workload) : Number.NaN,
    floor: simulate(workload, mostAtOnce, { seed }).violatingMinutes,
    outcomes: round.policies.map((name) => {
      const policy = policies.get(name);
      if (policy === undefined) throw new Error(`There is no policy "${name}" in the grid: run \`node bench/scaling/tune.ts\` again.`);
      return { policy: name, family: policy.name, outcome: simulate(workload, policy, { seed }) };
    }),
  };
}

function workloadOf({ workload, seed, traces }: Round): Workload {
  const name = syntheticNames.find((one) => one === workload);
  if (name !== undefined) return synthetic(name, seed);
  const found = [...(tuningTraces(traces)?.(seed) ?? []), ...(reportedTraces(traces)?.(seed) ?? [])].find((one) => one.name === workload);
  if (found === undefined) throw new Error(`There is no workload "${workload}" in ${traces}.`);
  return found;
}
