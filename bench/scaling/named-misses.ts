/** Lines that do not hold, each with its reason and the worst figure that the reason covers. A miss that is not here, or is worse, fails the benchmark. */
export const namedMisses: readonly { readonly id: string; readonly atMost: number; readonly because: string }[] = [
  {
    id: "per slot, total",
    atMost: 0.74,
    because:
      "No baseline keeps every promise on the reported seeds with one setting. The nearest, a KEDA target per busy slot (not among the baselines of the facts), breaks one minute and stops hundreds of running tasks; against it ours needs 0.73 of the hours. Against the settings that break no minute with other seeds it is below 0.45.",
  },
];
