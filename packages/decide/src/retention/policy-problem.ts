import type { RetentionPolicy } from "@nightshift/model";
import { isNoTime } from "./calendar.ts";

/** What is wrong with a policy, so that nothing may be deleted by it; undefined: it can be used. */
export function problemOf(policy: RetentionPolicy): string | undefined {
  if (!(Number.isInteger(policy.atLeast) && policy.atLeast >= (policy.kind === "documents" ? 1 : 0)))
    return `at-least is ${policy.atLeast}: expected a whole number${policy.kind === "documents" ? " from 1 on" : ""}`;
  switch (policy.kind) {
    case "restic": {
      const counts = [policy.last, ...Object.values(policy.periods)].filter((count) => count !== undefined);
      const bad = counts.find((count) => !Number.isInteger(count) || count < -1);
      if (bad !== undefined) return `a restic option keeps ${bad}: expected a whole number, or -1 for all`;
      const lengths = [policy.within, ...Object.values(policy.withinPeriods)];
      if (lengths.some((length) => length !== undefined && Object.values(length).some((part) => !Number.isInteger(part) || part < 0)))
        return "a restic option keeps a length that is not made of whole numbers";
      const isEmpty = counts.every((count) => count === 0) && lengths.every(isNoTime) && policy.tags.length === 0;
      return isEmpty ? "the policy keeps nothing: give at least one option, such as daily=7" : undefined;
    }
    case "documents": {
      const lengths = [policy.daily, policy.weekly, policy.monthly];
      if ([...lengths, policy.safety].some((length) => !(length >= 0))) return "a class is kept for less than no time";
      return lengths.every((length) => length === 0) ? "the policy keeps nothing: give at least one of daily, weekly and monthly a length" : undefined;
    }
  }
}
