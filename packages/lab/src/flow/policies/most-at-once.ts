import type { FlowPolicy } from "../policy.ts";

/** The maximum at the first look with anything waiting, for good: the minutes that even this violates are the floor that nobody gets below (decision 43). */
export const mostAtOnce: FlowPolicy = {
  name: "maximum at once",
  setting: "",
  begin: (workload) => (account) => {
    if (account.waiting > 0) account.setDesired(workload.fleet.max);
    return 15_000;
  },
};
