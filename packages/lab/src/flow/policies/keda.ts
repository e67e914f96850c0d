import { seconds } from "@nightshift/model";
import type { FlowAccount } from "../policy.ts";
import { meanServiceSeconds, type Workload } from "../workload.ts";
import { type Rule, tasksInPromise, within } from "./rule.ts";

/** What KEDA reads: the list's length (Redis), or ready and unacknowledged together (RabbitMQ, SQS). */
export type KedaMetric = "LLEN" | "ready+unacked";

/** HPA's look (`--horizontal-pod-autoscaler-sync-period`); KEDA's polling is every second one. */
const EVERY = seconds(15);
/** KEDA's `cooldownPeriod`, and the HPA's default stabilisation of scaling in. */
const COOL_DOWN = 300_000;
/** HPA's tolerance. */
const TOLERANCE = 0.1;

/**
 * KEDA's ScaledObject with the HPA it makes, without `behavior`, as facts/scaling.md 3.1 gives it: AverageValue target, 300 s of stabilisation, at most
 * double or four. The target is `factor` of what a worker can start within the promise, and one task at least (KEDA takes whole numbers).
 */
export const keda = (metric: KedaMetric, factor: number): Rule =>
  kedaAt(metric, { setting: `target ${factor} of the promise`, targetOf: (workload) => factor * tasksInPromise(workload, meanServiceSeconds(workload.tasks)) });

/** The same on ready and unacknowledged tasks with a target of so many a slot: what somebody sets who thinks of workers as slots that should be busy. */
export const kedaPerSlot = (share: number): Rule =>
  kedaAt("ready+unacked", { setting: `target ${share} of the slots`, targetOf: ({ fleet }) => share * fleet.concurrency });

interface KedaTarget {
  readonly setting: string;
  readonly targetOf: (workload: Workload) => number;
}

const kedaAt = (metric: KedaMetric, { setting, targetOf }: KedaTarget): Rule => ({
  name: `KEDA+HPA on ${metric}`,
  setting,
  begin: (workload) => {
    const target = Math.max(1, Math.round(targetOf(workload)));
    const read = (account: FlowAccount): number => account.waiting + (metric === "LLEN" ? 0 : account.reserved + account.running);
    const hpa = new Hpa(workload, target);
    let lastActive = Number.NEGATIVE_INFINITY;
    let looks = 0;
    return (account, current) => {
      const q = read(account);
      let want = current;
      if (looks % 2 === 0) {
        if (q > 0) {
          lastActive = account.now;
          if (want === 0) want = Math.max(1, workload.fleet.min);
        } else if (want > 0 && workload.fleet.min === 0 && account.now - lastActive >= COOL_DOWN) want = 0;
      }
      looks += 1;
      return { want: want === 0 ? 0 : hpa.sync(account.now, want, q), next: EVERY };
    };
  },
});

class Hpa {
  readonly #workload: Workload;
  readonly #target: number;
  #recommended: { readonly at: number; readonly count: number }[] = [];

  constructor(workload: Workload, target: number) {
    this.#workload = workload;
    this.#target = target;
  }

  sync(now: number, current: number, q: number): number {
    const usage = q / (this.#target * current);
    const proposed = Math.abs(1 - usage) > TOLERANCE ? Math.ceil(q / this.#target) : current;
    if (this.#recommended.length === 0) this.#recommended.push({ at: now, count: current });
    this.#recommended = this.#recommended.filter(({ at }) => now - at <= COOL_DOWN);
    this.#recommended.push({ at: now, count: proposed });
    const stabilised = Math.max(...this.#recommended.map(({ count }) => count));
    return Math.max(1, within(this.#workload, Math.min(stabilised, Math.max(2 * current, 4))));
  }
}
