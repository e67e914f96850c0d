import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { syntheticNames } from "@nightshift/lab/flow/workloads/synthetic";
import { drained, nameOf, used } from "./grid.ts";
import { type Played, playAll, type Round } from "./round.ts";
import { tuningSeeds } from "./seeds.ts";
import { tuningTraces } from "./traces.ts";

/**
 * `node bench/scaling/tune.ts [--traces DIR]`: plays the whole grid on the tuning seeds and writes each baseline's single setting into
 * `bench/scaling/chosen.json`: the cheapest over all workloads with no violating minute above the floor; where none has that, the one with the fewest.
 */
const { values } = parseArgs({ options: { traces: { type: "string", default: "../shared/traces" } } });
const traces = tuningTraces(values.traces);
const workloads: readonly string[] = [...syntheticNames, ...(traces?.(0).map(({ name }) => name) ?? [])];
const policies = [...used, ...drained].map(nameOf);
const rounds: readonly Round[] = tuningSeeds.flatMap((seed) =>
  workloads.map((workload) => ({ workload, seed, traces: values.traces, bound: false, policies })),
);
const played = await playAll(rounds, Math.min(2, availableParallelism()), (done) => process.stderr.write(`\r${done} of ${rounds.length} rounds`));
process.stderr.write("\n");

/** What a policy came to over all rounds. */
interface Sum {
  readonly policy: string;
  readonly family: string;
  readonly hours: number;
  readonly minutes: number;
}
const sums: readonly Sum[] = policies.map((policy) => sumOf(policy, played));
const chosen = [...Map.groupBy(sums, ({ family }) => family)].map(([family, members]) => {
  const [best] = [...members].sort((a, b) => a.minutes - b.minutes || a.hours - b.hours);
  if (best === undefined) throw new Error(`The grid of ${family} is empty.`);
  return { policy: best.policy, tuning: { workerHours: Math.round(best.hours * 10) / 10, minutesAboveFloor: best.minutes } };
});
const page = { tunedOn: { seeds: tuningSeeds, workloads }, chosen };
writeFileSync(new URL("./chosen.json", import.meta.url), `${JSON.stringify(page, undefined, 2)}\n`);
for (const { policy, tuning } of chosen) console.log(`${policy.padEnd(70)} ${tuning.workerHours} h, ${tuning.minutesAboveFloor} minutes above the floor`);

function sumOf(policy: string, all: readonly Played[]): Sum {
  let [hours, minutes, family] = [0, 0, ""];
  for (const { floor, outcomes } of all) {
    const found = outcomes.find((one) => one.policy === policy);
    if (found === undefined) throw new Error(`${policy} was not played.`);
    family = found.family;
    hours += found.outcome.workerHours;
    minutes += Math.max(0, found.outcome.violatingMinutes - floor);
  }
  return { policy, family, hours, minutes };
}
