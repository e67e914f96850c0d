import { parseArgs } from "node:util";
import { mostAtOnce } from "@nightshift/lab/flow/policies/most-at-once";
import { nightshift } from "@nightshift/lab/flow/policies/nightshift";
import { simulate } from "@nightshift/lab/flow/simulate";
import type { Workload } from "@nightshift/lab/flow/workload";
import { synthetic, syntheticNames } from "@nightshift/lab/flow/workloads/synthetic";
import { tuningSeeds } from "./seeds.ts";
import { tuningTraces } from "./traces.ts";

/** `node bench/scaling/try.ts [--only WORD] [--seeds a,b]`: our decision alone on the tuning workloads, a line each; for work on the decision. */
const { values } = parseArgs({
  options: {
    traces: { type: "string", default: "../shared/traces" },
    only: { type: "string", default: "" },
    seeds: { type: "string", default: tuningSeeds.join(",") },
  },
});
const traces = tuningTraces(values.traces);
const total = { hours: 0, minutes: 0, killed: 0 };
for (const seed of values.seeds.split(",").map(Number)) {
  const workloads: readonly Workload[] = [...syntheticNames.map((name) => synthetic(name, seed)), ...(traces?.(seed) ?? [])];
  for (const workload of workloads.filter(({ name }) => name.includes(values.only))) {
    const began = performance.now();
    const floor = simulate(workload, mostAtOnce, { seed }).violatingMinutes;
    const ours = simulate(workload, nightshift(), { seed });
    total.hours += ours.workerHours;
    total.minutes += Math.max(0, ours.violatingMinutes - floor);
    total.killed += ours.killed;
    console.log(
      [
        workload.name.padEnd(17),
        `seed ${seed}`,
        `${ours.workerHours.toFixed(2).padStart(8)} h`,
        `minutes ${String(ours.violatingMinutes).padStart(3)} (floor ${floor})`,
        `killed ${ours.killed}`,
        `p50 ${ours.wait.p50.toFixed(0)} p95 ${ours.wait.p95.toFixed(0)} p99 ${ours.wait.p99.toFixed(0)} of ${workload.wait / 1_000} s`,
        `actions ${ours.actions}, reversals ${ours.reversals}`,
        `peak ${ours.peakWorkers}`,
        `${(performance.now() - began).toFixed(0)} ms`,
      ].join("  "),
    );
  }
}
console.log(`total ${total.hours.toFixed(1)} h, ${total.minutes} minutes above the floor, ${total.killed} killed; seeds ${values.seeds}`);
