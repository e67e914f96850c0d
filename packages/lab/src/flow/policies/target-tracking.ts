import { minutes } from "@nightshift/model";
import { meanServiceSeconds, type Workload } from "../workload.ts";
import { type Rule, tasksInPromise, within } from "./rule.ts";

/** Datapoints of one minute that the alarms of a target-tracking policy take before they fire (facts/scaling.md 3.2). */
const HIGH = 3;
const LOW = 15;
/** Share of the target below which the low alarm counts; recalled, AWS does not publish it. */
const MARGIN = 0.9;
/** ECS's default `ScaleInCooldown`. */
const IN_COOL_DOWN = 300_000;

/** Two alarms on one metric, and the count they ask for. */
export class TargetTracking {
  readonly #workload: Workload;
  readonly #target: number;
  readonly #points: number[] = [];
  #lastIn = Number.NEGATIVE_INFINITY;

  constructor(workload: Workload, target: number) {
    this.#workload = workload;
    this.#target = target;
  }

  /** Takes a minute's datapoint. Scale-out repeats each minute while in alarm, which is kinder than AWS's 300 s. */
  wantAt(now: number, point: number, { current, ready }: { readonly current: number; readonly ready: number }): number {
    this.#points.push(point);
    if (this.#points.length > LOW) this.#points.shift();
    const proposed = Math.ceil((ready * point) / this.#target);
    if (current === 0) return point > 0 ? 1 : 0;
    const high = this.#points.slice(-HIGH);
    if (high.length === HIGH && high.every((one) => one > this.#target)) return within(this.#workload, Math.max(current, proposed));
    const low = this.#points.length === LOW && this.#points.every((one) => one < MARGIN * this.#target);
    if (!low || now - this.#lastIn < IN_COOL_DOWN || proposed >= current) return current;
    this.#lastIn = now;
    return within(this.#workload, proposed);
  }
}

/** AWS's recipe: track visible messages per running task, target the acceptable wait over the service time (× slots × `factor`). */
export const targetTracking = (factor: number): Rule => ({
  name: "AWS target tracking",
  setting: `target ${factor}`,
  begin: (workload) => {
    const tracking = new TargetTracking(workload, factor * tasksInPromise(workload, meanServiceSeconds(workload.tasks)));
    return (account, current) => ({
      want: tracking.wantAt(account.now, account.waiting / Math.max(1, account.ready), { current, ready: account.ready }),
      next: minutes(1),
    });
  },
});
