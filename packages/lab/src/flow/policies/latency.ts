import { seconds } from "@nightshift/model";
import { type Rule, within } from "./rule.ts";

const UP_EVERY = 60_000;
const DOWN_EVERY = 300_000;
/** Share of the promise at which the queue counts as calm. */
const CALM = 1 / 12;

/** What Judoscale and HireFire sell (facts/scaling.md 3.5): the age of the oldest task above `share` of the promise adds `step` a minute, five calm minutes take one. */
export const latency = (share: number, step: number): Rule => ({
  name: "latency",
  setting: `above ${share} of the promise +${step}`,
  begin: (workload) => {
    let lastUp = Number.NEGATIVE_INFINITY;
    let lastChange = 0;
    let calmSince: number | undefined;
    return (account, current) => {
      const { now } = account;
      const age = account.headAge();
      const anything = account.waiting + account.reserved + account.running > 0;
      calmSince = age <= CALM * workload.wait ? (calmSince ?? now) : undefined;
      let want = current;
      if (current === 0 && anything) want = 1;
      else if (age > share * workload.wait && now - lastUp >= UP_EVERY) {
        want += step;
        lastUp = now;
      } else if (calmSince !== undefined && now - calmSince >= DOWN_EVERY && now - lastChange >= DOWN_EVERY) want -= 1;
      // The last worker goes only when there is nothing at all: at zero workers nobody would notice a running task.
      if (want === 0 && anything) want = 1;
      want = within(workload, want);
      if (want !== current) lastChange = now;
      return { want, next: seconds(10) };
    };
  },
});
