import { documentsRule } from "@nightshift/lab/flow/policies/documents-rule";
import { keda, kedaPerSlot } from "@nightshift/lab/flow/policies/keda";
import { latency } from "@nightshift/lab/flow/policies/latency";
import { asUsed, type Rule, withDrain } from "@nightshift/lab/flow/policies/rule";
import { stepScaling } from "@nightshift/lab/flow/policies/step-scaling";
import { targetTracking } from "@nightshift/lab/flow/policies/target-tracking";
import type { FlowPolicy } from "@nightshift/lab/flow/policy";

const factors = [1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32] as const;

/** Every setting of every baseline that is tried: the grid from which each one's single setting, and its best in hindsight, are taken. */
const rules: readonly Rule[] = [
  ...factors.map((factor) => keda("LLEN", factor)),
  ...factors.map((factor) => keda("ready+unacked", factor)),
  ...[1, 3 / 4, 1 / 2, 1 / 4].map(kedaPerSlot),
  ...factors.map((factor) => targetTracking(factor)),
  ...(["100", 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32] as const).flatMap((first) => [stepScaling(1, first), stepScaling(5, first)]),
  ...[1_000, 100, 10].flatMap((backlog) => [documentsRule(backlog, 60, 20), documentsRule(backlog, 60, 40), documentsRule(backlog, 80, 50)]),
  ...[1 / 2, 1 / 4, 1 / 8, 1 / 16].flatMap((share) => [1, 2, 4].map((step) => latency(share, step))),
];

/** How a table and the list of chosen settings name one policy. */
export const nameOf = ({ name, setting }: FlowPolicy): string => (setting === "" ? name : `${name} · ${setting}`);

/** Baselines as their users have them: ECS chooses who goes. */
export const used: readonly FlowPolicy[] = rules.map(asUsed);
/** The same decisions with our drain, so that decision and actuator are told apart. */
export const drained: readonly FlowPolicy[] = rules.map(withDrain);
