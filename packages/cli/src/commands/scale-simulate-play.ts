import type { Outcome } from "@nightshift/lab/flow/outcome";
import { mostAtOnce } from "@nightshift/lab/flow/policies/most-at-once";
import type { FlowPolicy } from "@nightshift/lab/flow/policy";
import { simulate } from "@nightshift/lab/flow/simulate";
import type { Workload } from "@nightshift/lab/flow/workload";

/** One policy's run, and how many workers were there at the end of each minute. */
export interface PlayedPolicy {
  readonly name: string;
  readonly setting: string;
  readonly outcome: Outcome;
  readonly workers: readonly number[];
  readonly waiting: readonly number[];
}

/** Plays each policy on the same tasks; `floor` is the minutes that even every worker at once would break. */
export function playPolicies(
  workload: Workload,
  policies: readonly (readonly [string, FlowPolicy])[],
  seed: number,
  told: (name: string) => void,
): { readonly floor: number; readonly policies: readonly PlayedPolicy[] } {
  const played = policies.map(([name, policy]) => {
    told(name);
    const workers: number[] = [];
    const waiting: number[] = [];
    const eachMinute = (account: { readonly ready: number; readonly starting: number; readonly waiting: number }): void => {
      workers.push(account.ready + account.starting);
      waiting.push(account.waiting);
    };
    return { name, setting: policy.setting, outcome: simulate(workload, policy, { seed, eachMinute }), workers, waiting };
  });
  return { floor: simulate(workload, mostAtOnce, { seed }).violatingMinutes, policies: played };
}
