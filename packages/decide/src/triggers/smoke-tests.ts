import type { Breach, Trigger } from "@nightshift/model";
import type { Seen } from "../seen.ts";

type SmokeTests = Extract<Trigger, { kind: "smoke-tests" }>;

/** A smoke test that failed so many times in a row (decision 11). */
export function smokeTests(trigger: SmokeTests, seen: Seen): Breach | undefined {
  const failing = Object.entries(seen.memory.smokeFailures).filter(([, inARow]) => inARow >= trigger.failuresInARow);
  const first = failing[0];
  if (first === undefined) return undefined;
  const because = seen.look.smoke.find((result) => result.name === first[0] && !result.ok)?.because;
  const others = failing.length === 1 ? "" : ` and ${failing.length - 1} more`;
  return {
    service: seen.service.name,
    trigger: "smoke-tests",
    strength: "hard",
    since: seen.memory.lastSmokeAt ?? seen.now,
    errorShare: undefined,
    says: `smoke test "${first[0]}"${others} failed ${first[1]} times in a row${because === undefined ? "" : `: ${because}`}`,
  };
}
