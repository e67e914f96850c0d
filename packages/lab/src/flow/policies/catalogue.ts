import type { FlowPolicy } from "../policy.ts";
import { documentsRule } from "./documents-rule.ts";
import { keda, kedaPerSlot } from "./keda.ts";
import { latency } from "./latency.ts";
import { mostAtOnce } from "./most-at-once.ts";
import { nightshift } from "./nightshift.ts";
import { asUsed, type Rule, withDrain } from "./rule.ts";
import { stepScaling } from "./step-scaling.ts";
import { targetTracking } from "./target-tracking.ts";

/** Each known rule at the one setting that did best over all workloads of the benchmark's tuning seeds (`bench/scaling/chosen.json`). */
export const singleSettings: Readonly<Record<string, Rule>> = {
  "keda-llen": keda("LLEN", 1 / 32),
  "keda-ready-unacked": kedaPerSlot(1),
  "target-tracking": targetTracking(1 / 16),
  "step-1m": stepScaling(1, 1 / 32),
  "step-5m": stepScaling(5, 1 / 32),
  documents: documentsRule(10, 80, 50),
  latency: latency(1 / 16, 4),
};

/** Every policy that a person can name; `+drain` is the same rule with our way to take workers away. */
export const catalogue: Readonly<Record<string, FlowPolicy>> = {
  nightshift: nightshift(),
  ...Object.fromEntries(Object.entries(singleSettings).flatMap(([name, rule]) => [[name, asUsed(rule)] as const, [`${name}+drain`, withDrain(rule)] as const])),
  "maximum-at-once": mostAtOnce,
};
