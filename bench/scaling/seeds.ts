/** Seeds that settings, ours and the baselines', were chosen on. */
export const tuningSeeds = [101, 102, 103] as const;
/** Seeds of everything that is reported; none of them was tuned on. */
export const reportedSeeds = [1, 2, 3, 4, 5] as const;
