import { minutes } from "@nightshift/model";
import { meanServiceSeconds } from "../workload.ts";
import { CpuMeter } from "./cpu-meter.ts";
import { type Rule, tasksInPromise, within } from "./rule.ts";
import { TargetTracking } from "./target-tracking.ts";

/** CDK's default CPU target of the same service, percent. */
const CPU = 50;

/**
 * Step scaling as CDK's `QueueProcessingFargateService` builds it (facts/scaling.md 3.3): nothing visible, one less; from `first` one more, from five times
 * that five more; beside it CPU target tracking. Period and cool-down are the same length. `first` is CDK's 100, or a factor of what a worker can
 * start within the promise.
 */
export const stepScaling = (periodMinutes: 1 | 5, first: number | "100"): Rule => ({
  name: `step scaling, ${periodMinutes} min`,
  setting: first === "100" ? "steps at 100 and 500" : `first step ${first}`,
  begin: (workload) => {
    const one = first === "100" ? 100 : Math.max(1, first * tasksInPromise(workload, meanServiceSeconds(workload.tasks)));
    const cpu = new TargetTracking(workload, CPU);
    const meter = new CpuMeter();
    const period = periodMinutes * 60_000;
    let seen: number[] = [];
    let out = { at: Number.NEGATIVE_INFINITY, by: 0 };
    let lastIn = Number.NEGATIVE_INFINITY;
    return (account, current) => {
      const byCpu = cpu.wantAt(account.now, meter.percentSince(account), { current, ready: account.ready });
      seen.push(account.waiting);
      if (seen.length < periodMinutes) return { want: Math.max(current, byCpu), next: minutes(1) };
      const highest = Math.max(...seen);
      seen = [];
      let want = current;
      const by = highest >= 5 * one ? 5 : highest >= one ? 1 : 0;
      const cooling = account.now - out.at < period;
      if (by > 0) {
        // During the cool-down a larger step adds the difference only.
        want += cooling ? Math.max(0, by - out.by) : by;
        if (!cooling || by > out.by) out = { at: account.now, by };
      } else if (highest <= 0 && !cooling && account.now - lastIn >= period) {
        want -= 1;
        lastIn = account.now;
      }
      return { want: within(workload, byCpu > current ? Math.max(want, byCpu) : Math.min(want, byCpu < current ? byCpu : want)), next: minutes(1) };
    };
  },
});
